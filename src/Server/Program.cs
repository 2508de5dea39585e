using SharpNbd.Filters;
using SharpNbd.Plugins;
using SharpNbd.Server;

var registry = new ComponentRegistry(BuiltInPlugins.All, BuiltInFilters.All);
return await new ServerApplication(registry, new StandardErrorWriter()).RunAsync(args);

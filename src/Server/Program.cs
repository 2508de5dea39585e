using SharpNbd.Filters;
using SharpNbd.Plugins;
using SharpNbd.Server;

var registry = new ComponentRegistry(BuiltInPlugins.All, BuiltInFilters.All);
return await new ServerApplication(registry, Console.Out, new StandardErrorWriter()).RunAsync(args);

using SharpNbd.Filters;
using SharpNbd.Plugins;
using SharpNbd.Server;

var registry = new ComponentRegistry(BuiltInPlugins.All, BuiltInFilters.All);
return await new ServerApplication(registry, StandardStream.Output.Write, new StandardErrorWriter(StandardStream.Error.Write)).RunAsync(args);

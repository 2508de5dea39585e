using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Finds the plugin and the filters that a command line names: built in, in a file, or in a directory of files.</summary>
/// <param name="registry">What is built in.</param>
/// <param name="options">The command line.</param>
internal sealed class ComponentFinder(ComponentRegistry registry, ServerOptions options)
{
    private readonly Dictionary<Component, string> _files = [];

    /// <summary>One was found that takes the managed program, which this is not.</summary>
    public bool NeedsManagedProgram { get; private set; }

    /// <summary>The path of the assembly that a component was loaded from, or null for a built-in one.</summary>
    public string? FileOf(Component component) => _files.GetValueOrDefault(component);

    /// <summary>The filters; what is wrong goes to <paramref name="errors"/>.</summary>
    public Filter[] FindFilters(List<string> errors)
        => [.. options.Filters.Select(name => Find(registry.Filters, options.FilterPath, name, errors)).OfType<Filter>()];

    /// <summary>The plugin, or null where none is named; what is wrong goes to <paramref name="errors"/>.</summary>
    public Plugin? FindPlugin(List<string> errors) => options.Plugin is { } name ? Find(registry.Plugins, options.PluginPath, name, errors) : null;

    private T? Find<T>(IReadOnlyList<T> builtIn, SearchPath path, string name, List<string> errors)
        where T : Component
    {
        if (builtIn.FirstOrDefault(component => component.Name == name) is { } found)
        {
            return found;
        }

        var kind = ComponentKind.Of<T>();
        try
        {
            if ((ComponentFile.IsPath(name) ? Path.GetFullPath(name) : path.Find(name)) is { } file)
            {
                ComponentFile.Check(file, kind);
                return Load<T>(file);
            }

            errors.Add(ComponentRegistry.Complaint(builtIn, kind, name, path.Given));
        }
        catch (ParameterException e)
        {
            errors.AddRange(e.Errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{kind.Word} '{name}': {e.Message}");
        }

        return null;
    }

    private T? Load<T>(string file)
        where T : Component
    {
        if (!RuntimeSupport.LoadsAssemblies)
        {
            NeedsManagedProgram = true;
            return null;
        }

        var component = ExternalComponents.Load<T>(file);
        _files[component] = file;
        return component;
    }
}

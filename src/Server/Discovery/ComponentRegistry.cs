using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Finds plugins and filters by the names of the command line.</summary>
internal sealed class ComponentRegistry(IReadOnlyList<Plugin> plugins, IReadOnlyList<Filter> filters)
{
    /// <summary>Every plugin.</summary>
    public IReadOnlyList<Plugin> Plugins { get; } = plugins;

    /// <summary>Every filter.</summary>
    public IReadOnlyList<Filter> Filters { get; } = filters;

    /// <summary>Finds a plugin; where there is none of that name, says so in <paramref name="errors"/>.</summary>
    public Plugin? FindPlugin(string name, List<string> errors) => Find(Plugins, NbdkitNames.Plugins, "plugin", name, errors);

    /// <summary>Finds a filter; where there is none of that name, says so in <paramref name="errors"/>.</summary>
    public Filter? FindFilter(string name, List<string> errors) => Find(Filters, NbdkitNames.Filters, "filter", name, errors);

    private static T? Find<T>(
        IReadOnlyList<T> components, IReadOnlyList<string> nbdkitNames, string kind, string name, List<string> errors)
        where T : Component
    {
        if (components.FirstOrDefault(component => component.Name == name) is { } found)
        {
            return found;
        }

        errors.Add(Complaint([.. components.Select(component => component.Name)], nbdkitNames, kind, name));
        return null;
    }

    private static string Complaint(string[] names, IReadOnlyList<string> nbdkitNames, string kind, string name)
    {
        if (nbdkitNames.Contains(name))
        {
            return $"{kind} '{name}' is known to nbdkit, not built yet";
        }

        if (name.Contains('/', StringComparison.Ordinal) || name.EndsWith(".so", StringComparison.Ordinal)
            || name.EndsWith(".dll", StringComparison.Ordinal))
        {
            return $"{kind} '{name}': loading a {kind} from a file is known to nbdkit, not built yet";
        }

        var nearest = NearestName.Of(name, names.Concat(nbdkitNames));
        return $"there is no {kind} '{name}'{(nearest is null ? "" : $"; did you mean {nearest}?")} (the {kind}s are {string.Join(", ", names)})";
    }
}

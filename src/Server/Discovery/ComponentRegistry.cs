using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>The plugins and filters that are built in.</summary>
/// <param name="plugins">Every plugin.</param>
/// <param name="filters">Every filter.</param>
internal sealed class ComponentRegistry(IReadOnlyList<Plugin> plugins, IReadOnlyList<Filter> filters)
{
    /// <summary>Every plugin.</summary>
    public IReadOnlyList<Plugin> Plugins { get; } = plugins;

    /// <summary>Every filter.</summary>
    public IReadOnlyList<Filter> Filters { get; } = filters;

    /// <summary>Says that there is no component of a name, and what there is.</summary>
    /// <param name="builtIn">What is built in.</param>
    /// <param name="kind">Plugins or filters.</param>
    /// <param name="name">What was typed.</param>
    /// <param name="directories">Where else it was looked for because the user wants that.</param>
    public static string Complaint(IReadOnlyList<Component> builtIn, ComponentKind kind, string name, IReadOnlyList<string> directories)
    {
        if (kind.NbdkitNames.Contains(name))
        {
            return $"{kind.Word} '{name}' is known to nbdkit, not built yet";
        }

        var names = builtIn.Select(component => component.Name).ToList();
        var nearest = NearestName.Of(name, names.Concat(kind.NbdkitNames));
        var elsewhere = directories.Count == 0 ? "" : $", and none of that name is in {string.Join(" or ", directories)}";
        return $"there is no {kind.Word} '{name}'{(nearest is null ? "" : $"; did you mean {nearest}?")} (the {kind.Word}s are {string.Join(", ", names)}{elsewhere})";
    }
}

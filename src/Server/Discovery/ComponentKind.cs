using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>One of the two kinds of components, as messages call it.</summary>
internal sealed class ComponentKind
{
    private ComponentKind(string word, IReadOnlyList<string> nbdkitNames, string usage)
    {
        Word = word;
        NbdkitNames = nbdkitNames;
        Usage = usage;
    }

    /// <summary>Plugins.</summary>
    public static ComponentKind Plugin { get; } = new("plugin", Server.NbdkitNames.Plugins, "it is named without --filter");

    /// <summary>Filters.</summary>
    public static ComponentKind Filter { get; } = new("filter", Server.NbdkitNames.Filters, "it is named by --filter=");

    /// <summary>"plugin" or "filter".</summary>
    public string Word { get; }

    /// <summary>The names that nbdkit knows.</summary>
    public IReadOnlyList<string> NbdkitNames { get; }

    /// <summary>How one is named on the command line.</summary>
    public string Usage { get; }

    /// <summary>The kind of a type.</summary>
    public static ComponentKind Of<T>()
        where T : Component => Of(typeof(T))!;

    /// <summary>The kind of a type, or null where it is neither.</summary>
    public static ComponentKind? Of(Type type)
        => type.IsAssignableTo(typeof(Plugin)) ? Plugin : type.IsAssignableTo(typeof(Filter)) ? Filter : null;
}

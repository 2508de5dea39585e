namespace SharpNbd.Abstractions;

/// <summary>A kind of plugin or filter: its name and its parameters. It has no state.</summary>
public abstract class Component
{
    /// <summary>The name on the command line: lower-case letters, digits and <c>-</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in one line without a full stop.</summary>
    public abstract string Summary { get; }

    /// <summary>The parameters that it takes.</summary>
    public abstract ParameterTable Parameters { get; }
}

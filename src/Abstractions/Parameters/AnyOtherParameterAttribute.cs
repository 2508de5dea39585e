namespace SharpNbd.Abstractions;

/// <summary>
/// Declares that a component takes every key that no other component of the chain knows. The property is an
/// <c>IReadOnlyList&lt;ParameterValue&gt;</c>, in the order of the command line.
/// </summary>
/// <param name="help">A sentence for <c>--help</c> and the component's page.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AnyOtherParameterAttribute(string help) : Attribute
{
    /// <summary>A sentence for <c>--help</c> and the component's page.</summary>
    public string Help { get; } = help;

    /// <summary>What stands for the value in help texts.</summary>
    public string ValueName { get; init; } = "VALUE";
}

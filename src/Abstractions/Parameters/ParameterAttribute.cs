namespace SharpNbd.Abstractions;

/// <summary>
/// Declares a property of an options record as a parameter. The property's type picks the syntax: <see cref="string"/>,
/// <see cref="bool"/>, whole numbers, enums (the member's name in lower case), <see cref="ByteSize"/>, <see cref="TimeSpan"/> (a delay),
/// <see cref="Probability"/>, <see cref="FilePath"/>, <see cref="Secret"/>, or a read-only list of strings, sizes or paths when the key may
/// repeat. A nullable type has no default. <c>required</c> makes the parameter mandatory, the initialiser is the default.
/// Properties are set in the order of the command line, so that an accessor with a body may set several values and a
/// later key overrides an earlier one.
/// </summary>
/// <param name="name">The key.</param>
/// <param name="help">A sentence for <c>--help</c> and the component's page.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ParameterAttribute(string name, string help) : Attribute
{
    /// <summary>The key.</summary>
    public string Name { get; } = name;

    /// <summary>A sentence for <c>--help</c> and the component's page.</summary>
    public string Help { get; } = help;

    /// <summary>A word without <c>=</c> on the command line is a value for this key. One parameter of a plugin at most.</summary>
    public bool IsMagic { get; init; }

    /// <summary>Other spellings of the key.</summary>
    public string[] Aliases { get; init; } = [];

    /// <summary>What stands for the value in help texts, where the type's own word says too little.</summary>
    public string? ValueName { get; init; }

    /// <summary>What happens without the parameter, where it has no plain default.</summary>
    public string? DefaultText { get; init; }
}

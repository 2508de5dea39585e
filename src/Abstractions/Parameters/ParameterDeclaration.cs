using System.Reflection;

namespace SharpNbd.Abstractions;

/// <summary>A parameter of a component, as its options record declares it.</summary>
public sealed class ParameterDeclaration
{
    private readonly ParameterAttribute _attribute;
    private readonly PropertyInfo _property;
    private readonly ValueSyntax _syntax;

    internal ParameterDeclaration(ParameterAttribute attribute, PropertyInfo property, string? defaultText)
    {
        _attribute = attribute;
        _property = property;
        IsRepeatable = ElementOfList(property.PropertyType) is not null;
        _syntax = ValueSyntax.Of(ElementOfList(property.PropertyType) ?? property.PropertyType);
        DefaultText = attribute.DefaultText ?? defaultText;
        IsRequired = property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute));
    }

    /// <summary>The key.</summary>
    public string Name => _attribute.Name;

    /// <summary>A sentence about it.</summary>
    public string Help => _attribute.Help;

    /// <summary>Other spellings of the key.</summary>
    public IReadOnlyList<string> Aliases => _attribute.Aliases;

    /// <summary>What stands for the value in help texts.</summary>
    public string ValueName => _attribute.ValueName ?? _syntax.ValueName;

    /// <summary>The value that holds without the parameter, or null.</summary>
    public string? DefaultText { get; }

    /// <summary>A word without <c>=</c> is a value for this key.</summary>
    public bool IsMagic => _attribute.IsMagic;

    /// <summary>The component does not work without it.</summary>
    public bool IsRequired { get; }

    /// <summary>The key may be given several times, each adding a value; otherwise the last one counts.</summary>
    public bool IsRepeatable { get; }

    internal bool Answers(string key) => Name == key || Aliases.Contains(key);

    /// <summary>Sets the property from the values that were given for it.</summary>
    internal void Set(object options, string value)
    {
        var parsed = _syntax.Parse(value);
        _property.SetValue(options, IsRepeatable ? Append(_property.GetValue(options), parsed) : parsed);
    }

    private static Type? ElementOfList(Type type)
        => type == typeof(IReadOnlyList<string>) ? typeof(string)
            : type == typeof(IReadOnlyList<FilePath>) ? typeof(FilePath)
            : type == typeof(IReadOnlyList<ByteSize>) ? typeof(ByteSize)
            : null;

    // Spelt out by type: making a generic list at run time is not possible in a natively compiled program.
    private static object Append(object? list, object value) => value switch
    {
        string text => (string[])[.. list as IReadOnlyList<string> ?? [], text],
        FilePath path => (FilePath[])[.. list as IReadOnlyList<FilePath> ?? [], path],
        ByteSize size => (ByteSize[])[.. list as IReadOnlyList<ByteSize> ?? [], size],
        _ => throw new NotSupportedException($"no list of {value.GetType()}"),
    };
}

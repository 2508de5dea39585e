using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace SharpNbd.Abstractions;

/// <summary>
/// The parameters of a component, read from its options record. The one place from which values are bound and help texts,
/// pages and <c>--dump-plugin</c> are made.
/// </summary>
public sealed class ParameterTable
{
    /// <summary>What trimming must keep of an options record.</summary>
    public const DynamicallyAccessedMemberTypes NeededMembers
        = DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;

    private readonly PropertyInfo? _anyOther;
    private Func<IReadOnlyList<ParameterValue>, IReadOnlyList<string>> _check = _ => [];

    private ParameterTable(IReadOnlyList<ParameterDeclaration> declarations, PropertyInfo? anyOther)
    {
        Declarations = declarations;
        _anyOther = anyOther;
    }

    /// <summary>The parameters in the order of their declaration.</summary>
    public IReadOnlyList<ParameterDeclaration> Declarations { get; }

    /// <summary>The parameter that a word without <c>=</c> belongs to, or null.</summary>
    public ParameterDeclaration? Magic => Declarations.FirstOrDefault(declaration => declaration.IsMagic);

    /// <summary>What the component says about keys that nobody else knows, or null where it takes none.</summary>
    public AnyOtherParameterAttribute? AnyOther => _anyOther?.GetCustomAttribute<AnyOtherParameterAttribute>();

    /// <summary>Reads the declarations of an options record.</summary>
    /// <typeparam name="TOptions">The record.</typeparam>
    public static ParameterTable Of<[DynamicallyAccessedMembers(NeededMembers)] TOptions>()
        where TOptions : class
    {
        var defaults = Activator.CreateInstance<TOptions>();
        var declarations = new List<ParameterDeclaration>();
        PropertyInfo? anyOther = null;
        foreach (var property in typeof(TOptions).GetProperties())
        {
            if (property.GetCustomAttribute<ParameterAttribute>() is { } attribute)
            {
                declarations.Add(new ParameterDeclaration(attribute, property, DefaultOf(property, defaults)));
            }
            else if (property.IsDefined(typeof(AnyOtherParameterAttribute)))
            {
                anyOther = property;
            }
        }

        var table = new ParameterTable(declarations, anyOther);
        table._check = table.Complaints<TOptions>;
        return table;
    }

    /// <summary>Finds a parameter by its key or one of its other spellings; null where the component does not declare it.</summary>
    /// <param name="key">The key as it was typed.</param>
    public ParameterDeclaration? Find(string key) => Declarations.FirstOrDefault(declaration => declaration.Answers(key));

    /// <summary>Tells what <see cref="Bind"/> would complain about, a line each, for a start that fails anyway.</summary>
    /// <param name="values">Keys and values in the order of the command line; all keys are this component's.</param>
    public IReadOnlyList<string> Check(IReadOnlyList<ParameterValue> values) => _check(values);

    /// <summary>Makes an options record out of what was typed.</summary>
    /// <typeparam name="TOptions">The record that the table was read from.</typeparam>
    /// <param name="values">Keys and values in the order of the command line; all keys are this component's.</param>
    /// <exception cref="ParameterException">Values cannot be read or mandatory ones are missing; all of that at once.</exception>
    public TOptions Bind<[DynamicallyAccessedMembers(NeededMembers)] TOptions>(IReadOnlyList<ParameterValue> values)
        where TOptions : class
    {
        var options = Activator.CreateInstance<TOptions>();
        var given = new HashSet<ParameterDeclaration>();
        var others = new List<ParameterValue>();
        var errors = new List<string>();
        foreach (var value in values)
        {
            if (Find(value.Key) is not { } declaration)
            {
                others.Add(value);
                continue;
            }

            given.Add(declaration);
            try
            {
                declaration.Set(options, value.Value);
            }
            catch (Exception e) when (Cause(e) is FormatException or IOException or UnauthorizedAccessException)
            {
                errors.Add($"{value.Key}={value.Value}: {Cause(e).Message}");
            }
        }

        foreach (var missing in Declarations.Where(declaration => declaration.IsRequired && !given.Contains(declaration)))
        {
            errors.Add($"the parameter {missing.Name}={missing.ValueName} is missing: {missing.Help}");
        }

        if (others.Count > 0 && _anyOther is null)
        {
            errors.AddRange(others.Select(other => $"unknown parameter '{other.Key}'"));
        }

        if (errors.Count > 0)
        {
            throw new ParameterException(errors);
        }

        _anyOther?.SetValue(options, others);
        return options;
    }

    private IReadOnlyList<string> Complaints<[DynamicallyAccessedMembers(NeededMembers)] TOptions>(IReadOnlyList<ParameterValue> values)
        where TOptions : class
    {
        try
        {
            Bind<TOptions>(values);
            return [];
        }
        catch (ParameterException e)
        {
            return e.Errors;
        }
    }

    // A setter with a body that refuses a value reports it through the reflection call.
    private static Exception Cause(Exception e) => e is TargetInvocationException { InnerException: { } inner } ? inner : e;

    private static string? DefaultOf(PropertyInfo property, object defaults)
    {
        if (!property.CanRead || property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)))
        {
            return null;
        }

        return property.GetValue(defaults) is { } value and not System.Collections.IEnumerable ? ValueSyntax.Format(value)
            : property.GetValue(defaults) as string;
    }
}

using System.Globalization;

namespace SharpNbd.Abstractions;

/// <summary>How values of a type are written on the command line, and the word for them in help texts.</summary>
internal sealed record ValueSyntax(string ValueName, Func<string, object> Parse)
{
    private static readonly Dictionary<Type, ValueSyntax> Known = new()
    {
        [typeof(string)] = new("TEXT", text => text),
        [typeof(bool)] = new("BOOL", text => ParseBool(text)),
        [typeof(int)] = new("N", text => checked((int)ParseInteger(text, int.MinValue, int.MaxValue))),
        [typeof(uint)] = new("N", text => checked((uint)ParseInteger(text, 0, uint.MaxValue))),
        [typeof(long)] = new("N", text => checked((long)ParseInteger(text, long.MinValue, long.MaxValue))),
        [typeof(ulong)] = new("N", text => checked((ulong)ParseInteger(text, 0, ulong.MaxValue))),
        [typeof(ByteSize)] = new("SIZE", text => ByteSize.Parse(text)),
        [typeof(TimeSpan)] = new("TIME", text => Delay.Parse(text)),
        [typeof(Probability)] = new("RATE", text => Probability.Parse(text)),
        [typeof(FilePath)] = new("PATH", text => FilePath.Parse(text)),
        [typeof(Secret)] = new("SECRET", Secret.Parse),
    };

    /// <summary>The syntax of a property's type; for a list that of its elements.</summary>
    /// <exception cref="NotSupportedException">The type has no syntax: a mistake of the component's author.</exception>
    public static ValueSyntax Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Known.TryGetValue(type, out var syntax))
        {
            return syntax;
        }

        return type.IsEnum ? OfEnum(type) : throw new NotSupportedException($"no parameter syntax for {type}");
    }

    /// <summary>A value as it would be typed, for the defaults in help texts.</summary>
    public static string Format(object value) => value switch
    {
        bool yes => yes ? "true" : "false",
        TimeSpan delay => Delay.Format(delay),
        Enum member => member.ToString().ToLowerInvariant(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static ValueSyntax OfEnum(Type type)
    {
        var names = Enum.GetNames(type).Select(name => name.ToLowerInvariant()).ToArray();
        return new ValueSyntax(string.Join('|', names), text => names.Contains(text)
            ? Enum.Parse(type, text, ignoreCase: true)
            : throw new FormatException($"one of {string.Join(", ", names)} is needed"));
    }

    private static bool ParseBool(string text) => text.ToLowerInvariant() switch
    {
        "1" or "true" or "t" or "yes" or "y" or "on" => true,
        "0" or "false" or "f" or "no" or "n" or "off" => false,
        _ => throw new FormatException("a boolean is one of 1 0 true false t f yes no y n on off"),
    };

    /// <summary>A whole number as in C: decimal, 0x and hexadecimal digits, or a leading 0 and octal digits.</summary>
    private static Int128 ParseInteger(string text, Int128 least, Int128 most)
    {
        var digits = text.AsSpan().TrimStart(" \t\n\v\f\r");
        var isNegative = digits.StartsWith("-");
        if (isNegative || digits.StartsWith("+"))
        {
            digits = digits[1..];
        }

        var radix = 10;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            radix = 16;
            digits = digits[2..];
        }
        else if (digits.Length > 1 && digits[0] == '0')
        {
            radix = 8;
            digits = digits[1..];
        }

        Int128 number = 0;
        var isValid = !digits.IsEmpty;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            isValid &= digit < radix;
            number = Int128.Min((number * radix) + digit, (Int128)1 << 70);
        }

        number = isNegative ? -number : number;
        return isValid && number >= least && number <= most
            ? number
            : throw new FormatException($"a whole number from {least} to {most} is needed");
    }
}

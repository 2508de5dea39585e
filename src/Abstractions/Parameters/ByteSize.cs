using System.Globalization;

namespace SharpNbd.Abstractions;

/// <summary>A number of bytes.</summary>
/// <param name="Value">0 … 2^63-1.</param>
public readonly record struct ByteSize(long Value)
{
    private const string Suffixes = "a decimal number with at most one of the suffixes b k M G T P E (powers of 1024) or s (512-byte sectors)";

    /// <summary>
    /// Reads a size as it is typed: decimal digits and at most one suffix, in either case: b (1), k (2^10), m, g, t, p,
    /// e (2^60), s (512). Leading blanks, one <c>+</c> and leading zeros are accepted.
    /// </summary>
    /// <param name="text">For example <c>64M</c>.</param>
    /// <exception cref="FormatException">The text is something else, or larger than 2^63-1.</exception>
    public static ByteSize Parse(string text)
    {
        var digits = text.AsSpan().TrimStart(" \t\n\v\f\r");
        if (digits.StartsWith("+"))
        {
            digits = digits[1..];
        }

        var length = digits.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : digits.Length;
        var suffix = digits[length..];
        if (length == 0 || suffix.Length > 1 || Unit(suffix) is not { } unit)
        {
            throw new FormatException($"a size is {Suffixes}");
        }

        if (!long.TryParse(digits[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue / unit)
        {
            throw new FormatException("the largest size is 2^63-1 bytes, just below 8E");
        }

        return new ByteSize(number * unit);
    }

    /// <summary>A number of bytes, so that programs can write <c>Size = 64 &lt;&lt; 20</c>.</summary>
    /// <param name="value">0 … 2^63-1.</param>
    public static implicit operator ByteSize(long value) => FromInt64(value);

    /// <summary>A number of bytes.</summary>
    /// <param name="value">0 … 2^63-1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static ByteSize FromInt64(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return new ByteSize(value);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        const string units = "KMGTPE";
        for (var i = units.Length; i > 0 && Value > 0; i--)
        {
            var unit = 1L << (10 * i);
            if (Value % unit == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{Value / unit}{units[i - 1]}");
            }
        }

        return Value.ToString(CultureInfo.InvariantCulture);
    }

    private static long? Unit(ReadOnlySpan<char> suffix)
        => suffix is "" ? 1 : char.ToLowerInvariant(suffix[0]) switch
        {
            'b' => 1,
            's' => 512,
            'k' => 1L << 10,
            'm' => 1L << 20,
            'g' => 1L << 30,
            't' => 1L << 40,
            'p' => 1L << 50,
            'e' => 1L << 60,
            _ => null,
        };
}

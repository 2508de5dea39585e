using System.Globalization;

namespace SharpNbd.Abstractions;

/// <summary>How often something happens.</summary>
/// <param name="Value">0 (never) … 1 (always).</param>
public readonly record struct Probability(double Value)
{
    private const string Forms = "a probability is a number from 0 to 1, a percentage such as 50%, or a ratio such as 1:10 or 1/10";

    /// <summary>Reads a probability as it is typed: <c>0.5</c>, <c>1e-2</c>, <c>50%</c>, <c>1:10</c> or <c>1/10</c>.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException">The text is something else, or outside 0 … 1.</exception>
    public static Probability Parse(string text)
    {
        var split = text.AsSpan().IndexOfAny(':', '/');
        var value = text.EndsWith('%') ? Number(text.AsSpan(0, text.Length - 1)) / 100
            : split >= 0 ? Number(text.AsSpan(0, split)) / Number(text.AsSpan(split + 1))
            : Number(text);
        if (value is not (>= 0 and <= 1))
        {
            throw new FormatException(Forms);
        }

        return new Probability(value);
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    private static double Number(ReadOnlySpan<char> text)
        => double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException(Forms);
}

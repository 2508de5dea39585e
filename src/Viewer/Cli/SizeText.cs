using System.Globalization;

namespace SharpNbd.Viewer;

/// <summary>Sizes as people write them: <c>64M</c>, <c>1T</c>, <c>8s</c>, <c>100</c>.</summary>
internal static class SizeText
{
    private const string Units = "KMGTPE";

    /// <summary>Reads a size in the syntax of the server's parameters; it is at least 1 byte.</summary>
    public static bool TryParse(string text, out long size)
    {
        size = 0;
        if (text.Length == 0)
        {
            return false;
        }

        var last = char.ToUpperInvariant(text[^1]);
        var unit = Units.IndexOf(last, StringComparison.Ordinal);
        var factor = unit >= 0 ? 1L << (10 * (unit + 1)) : last switch { 'S' => 512, 'B' => 1, _ => 0 };
        var digits = factor > 0 ? text.AsSpan(0, text.Length - 1) : text;
        var isNumber = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (!isNumber || number == 0 || number > long.MaxValue / Math.Max(1, factor))
        {
            return false;
        }

        size = number * Math.Max(1, factor);
        return true;
    }

    /// <summary>Writes a size with the largest unit that fits: <c>4 KiB</c>, <c>1.5 GiB</c>.</summary>
    public static string Format(double bytes)
    {
        var unit = -1;
        while (bytes >= 1024 && unit < Units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return unit < 0 ? $"{bytes} B" : string.Create(CultureInfo.InvariantCulture, $"{bytes:0.##} {Units[unit]}iB");
    }
}

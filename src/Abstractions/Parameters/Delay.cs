using System.Globalization;

namespace SharpNbd.Abstractions;

/// <summary>The syntax of delays.</summary>
internal static class Delay
{
    private const string Forms = "a delay is a number of seconds, or a number followed by s, ms, us or ns, such as 1.5, 40ms or 100us";

    // Behind the two-letter units, for "ms" ends in "s" too.
    private static readonly (string Suffix, double Seconds)[] Units =
        [("ms", 1e-3), ("us", 1e-6), ("μs", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("s", 1), ("", 1)];

    /// <summary>Reads a delay as it is typed; what is finer than 100 ns is rounded up to it.</summary>
    public static TimeSpan Parse(string text)
    {
        foreach (var (suffix, unit) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
            {
                continue;
            }

            if (double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent
                    | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var number)
                && double.IsFinite(number) && number * unit < TimeSpan.MaxValue.TotalSeconds / 2)
            {
                return TimeSpan.FromTicks((long)Math.Ceiling(Math.Round(number * unit * TimeSpan.TicksPerSecond, 3)));
            }

            break;
        }

        throw new FormatException(Forms);
    }

    /// <summary>A delay as it would be typed.</summary>
    public static string Format(TimeSpan delay)
        => delay.Ticks % TimeSpan.TicksPerSecond == 0 ? string.Create(CultureInfo.InvariantCulture, $"{delay.TotalSeconds}")
            : string.Create(CultureInfo.InvariantCulture, $"{delay.TotalMilliseconds}ms");
}

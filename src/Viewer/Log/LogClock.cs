namespace SharpNbd.Viewer;

/// <summary>Reads the time at the start of a line, <c>YYYY-MM-DD HH:MM:SS.uuuuuu</c> in UTC. Most lines share their second with the one before.</summary>
internal sealed class LogClock
{
    /// <summary>The bytes of a time.</summary>
    public const int Length = 26;

    private const int SecondLength = 19;
    private const int MicrosecondsPerSecond = 1_000_000;

    private readonly byte[] _second = new byte[SecondLength];
    private long _microseconds;

    /// <summary>Reads the time in microseconds since 1970.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        if (text.Length < Length || text[SecondLength] != '.' || Digits(text.Slice(SecondLength + 1, 6)) is not (>= 0 and var fraction))
        {
            return false;
        }

        if (!text[..SecondLength].SequenceEqual(_second) && !TryParseSecond(text[..SecondLength]))
        {
            return false;
        }

        microseconds = _microseconds + fraction;
        return true;
    }

    private bool TryParseSecond(ReadOnlySpan<byte> text)
    {
        if (text[4] != '-' || text[7] != '-' || text[10] != ' ' || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        var (year, month, day) = (Digits(text[..4]), Digits(text[5..7]), Digits(text[8..10]));
        var (hour, minute, second) = (Digits(text[11..13]), Digits(text[14..16]), Digits(text[17..19]));
        if (year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 60)
        {
            return false;
        }

        var days = new DateOnly(year, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        _microseconds = ((((((days * 24L) + hour) * 60) + minute) * 60) + second) * MicrosecondsPerSecond;
        text.CopyTo(_second);
        return true;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var value = 0;
        foreach (var character in text)
        {
            var digit = character - '0';
            if ((uint)digit > 9)
            {
                return -1;
            }

            value = (value * 10) + digit;
        }

        return value;
    }
}

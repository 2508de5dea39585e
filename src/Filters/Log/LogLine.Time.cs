namespace SharpNbd.Filters;

internal sealed partial class LogLine
{
    // Digit by digit: the formatting of .NET parses its format string for every line.
    private void AppendTime(DateTime utcNow)
    {
        const int length = 26;
        var room = Room(length);
        var (date, time) = (DateOnly.FromDateTime(utcNow), utcNow.TimeOfDay);
        Digits(room, 0, 4, date.Year, '-');
        Digits(room, 5, 2, date.Month, '-');
        Digits(room, 8, 2, date.Day, ' ');
        Digits(room, 11, 2, time.Hours, ':');
        Digits(room, 14, 2, time.Minutes, ':');
        Digits(room, 17, 2, time.Seconds, '.');
        Digits(room, 20, 6, (int)(time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        _length += length;
    }

    private static void Digits(Span<byte> room, int start, int count, int value, char behind = '\0')
    {
        for (var i = start + count - 1; i >= start; i--)
        {
            var rest = (int)((uint)value / 10);
            room[i] = (byte)('0' + value - (rest * 10));
            value = rest;
        }

        if (behind != '\0')
        {
            room[start + count] = (byte)behind;
        }
    }
}

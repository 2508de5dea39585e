using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>A request as its call line tells of it.</summary>
/// <param name="Event">What it shares with its return line.</param>
/// <param name="Begun">When it came.</param>
/// <param name="Range">The bytes that it is about; empty where it is about none.</param>
/// <param name="Flags">The flags of a write, trim or zero.</param>
/// <param name="FirstOnly">Only one extent is wanted.</param>
internal readonly record struct LogRequest(LogEvent Event, DateTime Begun, ByteRange Range, ZeroFlags Flags = ZeroFlags.None, bool FirstOnly = false)
{
    /// <summary>The call line.</summary>
    public LogLine CallLine()
    {
        var line = LogLine.Begin(Begun, Event, LogPhase.Enter);
        if (Range.Length > 0)
        {
            line.Range(Range.Offset, Range.Length);
        }

        return Event.Action switch
        {
            LogAction.Write or LogAction.Trim => line.Flag("fua"u8, (Flags & ZeroFlags.Fua) != 0),
            LogAction.Zero => line.Flag("trim"u8, (Flags & ZeroFlags.MayTrim) != 0)
                .Flag("fua"u8, (Flags & ZeroFlags.Fua) != 0)
                .Flag("fast"u8, (Flags & ZeroFlags.Fast) != 0),
            LogAction.Extents => line.Flag("req_one"u8, FirstOnly),
            _ => line,
        };
    }
}

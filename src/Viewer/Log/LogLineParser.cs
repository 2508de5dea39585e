using System.Buffers.Text;

namespace SharpNbd.Viewer;

/// <summary>
/// Reads a line of the log filter, SharpNbd's or nbdkit's: <c>DATE TIME [connection=N] [...]ACTION [id=N] [key=value]... [...]</c>,
/// as nbdkit-log-filter(1) has it, section "Log file format". Works on the bytes of the file and allocates nothing.
/// </summary>
internal sealed class LogLineParser
{
    private static ReadOnlySpan<byte> Dots => "..."u8;

    private readonly LogClock _clock = new();

    /// <summary>Reads one line, without its line break.</summary>
    public ParseResult Parse(ReadOnlySpan<byte> text, out LogLine line)
    {
        line = default;
        if (!_clock.TryParse(text, out var time))
        {
            return ParseResult.Unreadable;
        }

        line.Time = time;
        var rest = text[LogClock.Length..];
        if (!rest.IsEmpty && rest[0] != ' ')
        {
            return ParseResult.Unreadable;
        }

        rest = rest.TrimStart((byte)' ');
        if (rest.StartsWith("connection="u8))
        {
            line.Connection = Number(Word(ref rest)["connection=".Length..]);
        }

        var action = Word(ref rest);
        var isReturn = action.StartsWith(Dots);
        if (!TryAction(isReturn ? action[Dots.Length..] : action, out var kind, out var operation))
        {
            return action.IsEmpty ? ParseResult.Unreadable : ParseResult.Line;
        }

        line.Operation = operation;
        line.Kind = kind is not LineKind.Call ? kind : isReturn ? LineKind.Return : LineKind.Call;
        return line.Kind switch
        {
            LineKind.Return => Return(rest, ref line),
            LineKind.Connect or LineKind.Call => Fields(rest, ref line),
            _ => ParseResult.Line,
        };
    }

    private static bool TryAction(ReadOnlySpan<byte> action, out LineKind kind, out Operation operation)
    {
        (kind, operation) = action switch
        {
            _ when action.SequenceEqual("Read"u8) => (LineKind.Call, Operation.Read),
            _ when action.SequenceEqual("Write"u8) => (LineKind.Call, Operation.Write),
            _ when action.SequenceEqual("Zero"u8) => (LineKind.Call, Operation.Zero),
            _ when action.SequenceEqual("Trim"u8) => (LineKind.Call, Operation.Trim),
            _ when action.SequenceEqual("Flush"u8) => (LineKind.Call, Operation.Flush),
            _ when action.SequenceEqual("Extents"u8) => (LineKind.Call, Operation.Extents),
            _ when action.SequenceEqual("Cache"u8) => (LineKind.Call, Operation.Cache),
            _ when action.SequenceEqual("Connect"u8) => (LineKind.Connect, default),
            _ when action.SequenceEqual("Disconnect"u8) => (LineKind.Disconnect, default),
            _ when action.SequenceEqual("Ready"u8) => (LineKind.Start, default),
            _ => (LineKind.Other, default(Operation)),
        };
        return kind != LineKind.Other;
    }

    private static ParseResult Fields(ReadOnlySpan<byte> rest, ref LogLine line)
    {
        while (!rest.IsEmpty)
        {
            var equals = rest.IndexOfAny((byte)'=', (byte)' ');
            if (equals < 0)
            {
                break;
            }

            if (rest[equals] == ' ')
            {
                rest = rest[(equals + 1)..];
                continue;
            }

            var key = rest[..equals];
            rest = rest[(equals + 1)..];
            if (rest.StartsWith("\""u8))
            {
                if (!TrySkipQuoted(ref rest))
                {
                    return ParseResult.Open;
                }

                continue;
            }

            Take(key, Word(ref rest), ref line);
        }

        return ParseResult.Line;
    }

    private static void Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ref LogLine line)
    {
        if (key.SequenceEqual("id"u8))
        {
            line.Id = Number(value);
        }
        else if (key.SequenceEqual("offset"u8))
        {
            line.Offset = Number(value);
        }
        else if (key.SequenceEqual("count"u8))
        {
            line.Count = Number(value);
        }
        else if (key.SequenceEqual("size"u8))
        {
            line.Size = Number(value);
        }
    }

    // The list of an Extents line can be long and is of no interest: its end is looked for from behind.
    private static ParseResult Return(ReadOnlySpan<byte> rest, ref LogLine line)
    {
        if (rest.StartsWith("id="u8))
        {
            line.Id = Number(Word(ref rest)["id=".Length..]);
        }

        var end = rest.LastIndexOf("return="u8);
        if (end < 0)
        {
            return ParseResult.Line;
        }

        rest = rest[(end + "return=".Length)..];
        if (rest.StartsWith("-"u8))
        {
            var error = rest.IndexOf("error="u8);
            line.Error = error < 0 ? LogError.Other : LogErrors.Parse(rest[(error + "error=".Length)..].TrimEnd((byte)' '));
        }

        return ParseResult.Line;
    }

    private static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)' ');
        var word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return word;
    }

    private static bool TrySkipQuoted(ref ReadOnlySpan<byte> rest)
    {
        var position = 1;
        while (true)
        {
            var next = rest[position..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0 || position + next + 1 > rest.Length)
            {
                return false;
            }

            position += next;
            if (rest[position] == '"')
            {
                rest = rest[(position + 1)..];
                return true;
            }

            position += 2;
            if (position > rest.Length)
            {
                return false;
            }
        }
    }

    // What is no number, or too large for a disk, counts as 0.
    private static long Number(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("0x"u8))
        {
            text = text[2..];
            return Utf8Parser.TryParse(text, out long hex, out var length, 'x') && length == text.Length && hex >= 0 ? hex : 0;
        }

        return Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length && number >= 0 ? number : 0;
    }
}

using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Viewer;

/// <summary>
/// Plays a log: a picture and the place in the file up to which it shows it. The file is the only store of what happened, so
/// memory does not grow with it; to be at another moment is to play from an earlier place.
/// </summary>
internal sealed class Player
{
    /// <summary>What is read at a time, and the longest line that is read in full.</summary>
    public const int BufferSize = 1 << 20;

    /// <summary>The longest text that a line break can be part of; an export's name has at most 4096 bytes.</summary>
    private const int LongestOpenLine = 16 << 10;

    private readonly LogLineParser _parser = new();
    private readonly Activity? _activity;
    private bool _isInLongLine;

    /// <param name="layout">The disk's layout, or null where a Connect line will tell its size.</param>
    /// <param name="activity">Where what happens is also noted, or null.</param>
    public Player(Layout? layout, Activity? activity)
    {
        Picture = new DiskPicture(layout);
        _activity = activity;
    }

    private Player(Player other)
    {
        Picture = other.Picture.Clone();
        (Position, Time, Moments, NextTime) = (other.Position, other.Time, other.Moments, other.NextTime);
        (Unreadable, _isInLongLine, SizeSeen) = (other.Unreadable, other._isInLongLine, other.SizeSeen);
        (FirstTime, MomentTime) = (other.FirstTime, other.MomentTime);
    }

    public DiskPicture Picture { get; private set; }

    /// <summary>The place in the file behind the last line that is shown.</summary>
    public long Position { get; private set; }

    /// <summary>The latest time on a line that is shown, in microseconds since 1970; 0 before the first line.</summary>
    public long Time { get; private set; }

    /// <summary>The time of the first line.</summary>
    public long FirstTime { get; private set; }

    /// <summary>The time of the next line, where <see cref="PlayerStop.Reached"/> has told it.</summary>
    public long NextTime { get; private set; } = long.MaxValue;

    /// <summary>The beginnings and ends of requests that are shown.</summary>
    public long Moments { get; private set; }

    /// <summary>The time of the last of them.</summary>
    public long MomentTime { get; private set; }

    /// <summary>The lines that are not the log filter's.</summary>
    public long Unreadable { get; private set; }

    /// <summary>The largest size that a Connect line has told.</summary>
    public long SizeSeen { get; private set; }

    /// <summary>A copy that goes its own way. It notes no activity.</summary>
    public Player Clone() => new(this);

    /// <summary>Goes on with one buffer of the file.</summary>
    /// <param name="file">The log.</param>
    /// <param name="buffer">Room to read into.</param>
    /// <param name="until">The last moment to show.</param>
    /// <param name="moments">The most beginnings and ends of requests to add.</param>
    public PlayerStop Advance(SafeFileHandle file, Span<byte> buffer, long until, long moments = long.MaxValue)
    {
        var text = (ReadOnlySpan<byte>)buffer[..RandomAccess.Read(file, buffer, Position)];
        var isFull = text.Length == buffer.Length;
        var start = Position;
        while (!text.IsEmpty)
        {
            var length = text.IndexOf((byte)'\n');
            if (_isInLongLine || length < 0)
            {
                if (!_isInLongLine && (!isFull || Position > start))
                {
                    break;
                }

                SkipLongLine(ref text, length);
                continue;
            }

            var parsed = ParseWhole(text, ref length, out var line);
            if (parsed == ParseResult.Open)
            {
                break;
            }

            if (parsed == ParseResult.Line)
            {
                var isMoment = line.Kind is LineKind.Call or LineKind.Return;
                if (line.Time > until || (isMoment && moments == 0))
                {
                    NextTime = line.Time;
                    return PlayerStop.Reached;
                }

                moments -= isMoment ? 1 : 0;
                Apply(line);
            }
            else if (length > 0)
            {
                Unreadable++;
            }

            Position += length + 1;
            text = text[(length + 1)..];
        }

        NextTime = long.MaxValue;
        return isFull ? PlayerStop.Buffer : PlayerStop.EndOfLog;
    }

    // A line break inside quotes belongs to the line. A quote that never ends is no reason to wait for ever.
    private ParseResult ParseWhole(ReadOnlySpan<byte> text, ref int length, out LogLine line)
    {
        var result = _parser.Parse(text[..length], out line);
        var whole = length;
        while (result == ParseResult.Open && whole <= LongestOpenLine)
        {
            var more = text[(whole + 1)..].IndexOf((byte)'\n');
            if (more < 0)
            {
                return text.Length <= LongestOpenLine ? ParseResult.Open : ParseResult.Unreadable;
            }

            whole += 1 + more;
            result = _parser.Parse(text[..whole], out line);
        }

        if (result == ParseResult.Open)
        {
            return ParseResult.Unreadable;
        }

        length = whole;
        return result;
    }

    // Only lists of extents get so long. Their beginning says which request has ended.
    private void SkipLongLine(ref ReadOnlySpan<byte> text, int length)
    {
        if (!_isInLongLine && _parser.Parse(text, out var line) == ParseResult.Line)
        {
            Apply(line);
        }

        _isInLongLine = length < 0;
        var skipped = length < 0 ? text.Length : length + 1;
        Position += skipped;
        text = text[skipped..];
    }

    private void Apply(in LogLine line)
    {
        FirstTime = Time == 0 ? line.Time : FirstTime;
        Time = Math.Max(Time, line.Time);
        switch (line.Kind)
        {
            case LineKind.Call or LineKind.Return:
                Moments++;
                MomentTime = line.Time;
                _activity?.Add(line);
                break;
            case LineKind.Connect when line.Size > 0:
                SizeSeen = Math.Max(SizeSeen, line.Size);
                if (Picture.Layout is null && Moments == 0)
                {
                    Picture = new DiskPicture(Layout.For(line.Size));
                }

                break;
            default:
                break;
        }

        Picture.Apply(line);
    }
}

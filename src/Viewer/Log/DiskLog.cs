using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Viewer;

/// <summary>
/// A log that is followed: it may not exist yet, grow, be truncated, or make way for another file of its name. The file is
/// opened by its name each time, and its first bytes, which have a time in microseconds, tell whether it is still the same one.
/// </summary>
internal sealed class DiskLog
{
    private const int SignatureLength = 64;

    /// <summary>Who is so far behind shows a progress bar.</summary>
    private const long LoadingBytes = 16 << 20;

    private readonly byte[] _buffer = new byte[Player.BufferSize];
    private readonly Checkpoints _checkpoints = new();
    private readonly long? _size;
    private byte[] _signature = [];

    /// <param name="path">The log's absolute path.</param>
    /// <param name="size">The size of the disk, or null where a Connect line tells it.</param>
    public DiskLog(string path, long? size)
    {
        Path = path;
        _size = size;
        Restart(LayoutOf(size));
    }

    public string Path { get; }

    /// <summary>Held by whoever looks at what follows.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The player at the end of the log.</summary>
    public Player Head { get; private set; }

    public Activity Activity { get; private set; }

    public LogState State { get; private set; } = LogState.Missing;

    /// <summary>Why it cannot be read.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>The bytes of the file.</summary>
    public long Length { get; private set; }

    /// <summary>Goes up when everything begins anew: another file, or another size.</summary>
    public int Generation { get; private set; }

    /// <summary>Reads what has been added, at most one buffer; returns true when there may be more.</summary>
    public bool Poll()
    {
        try
        {
            using var file = Open();
            lock (Gate)
            {
                return Follow(file);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            Stop(LogState.Missing, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Stop(LogState.Unreadable, e.Message);
        }

        return false;
    }

    /// <summary>Opens the log for a player of one's own.</summary>
    public SafeFileHandle Open() => File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>A player at or before a time, as near as one is at hand. The gate must be held.</summary>
    public Player PlayerBeforeTime(long time) => _checkpoints.BeforeTime(time) ?? new Player(Head.Picture.Layout, null);

    /// <summary>A player that shows no more than so many beginnings and ends. The gate must be held.</summary>
    public Player PlayerBeforeMoment(long moments) => _checkpoints.BeforeMoment(moments) ?? new Player(Head.Picture.Layout, null);

    private static Layout? LayoutOf(long? size) => size is { } bytes ? Layout.For(bytes) : null;

    private bool Follow(SafeFileHandle file)
    {
        Length = RandomAccess.GetLength(file);
        if (Length < Head.Position || !IsSame(file))
        {
            Restart(LayoutOf(_size));
        }

        if (Length - Head.Position > LoadingBytes || State is LogState.Missing or LogState.Unreadable)
        {
            State = LogState.Loading;
        }

        var before = Head.Position;
        var stop = Head.Advance(file, _buffer, long.MaxValue);
        if (_size is null && Head.SizeSeen > (Head.Picture.Layout?.Size ?? 0))
        {
            Restart(Layout.For(Head.SizeSeen));
            return true;
        }

        _checkpoints.Add(Head);
        State = stop == PlayerStop.EndOfLog ? LogState.Following : State;
        return stop == PlayerStop.Buffer && Head.Position > before;
    }

    private bool IsSame(SafeFileHandle file)
    {
        Span<byte> start = stackalloc byte[SignatureLength];
        start = start[..RandomAccess.Read(file, start, 0)];
        var isSame = start.StartsWith(_signature);
        if (!isSame || start.Length > _signature.Length)
        {
            _signature = start.ToArray();
        }

        return isSame;
    }

    [MemberNotNull(nameof(Head), nameof(Activity))]
    private void Restart(Layout? layout)
    {
        Activity = new Activity();
        Head = new Player(layout, Activity);
        _checkpoints.Clear();
        Generation++;
    }

    private void Stop(LogState state, string problem)
    {
        lock (Gate)
        {
            State = state;
            Problem = problem;
        }
    }
}

using System.Globalization;
using System.Text;

namespace SharpNbd.Viewer.Tests;

/// <summary>A log as the log filter writes it, with times of the test's own.</summary>
internal sealed class LogText
{
    /// <summary>When the log begins.</summary>
    public static readonly DateTime Start = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private readonly StringBuilder _text = new();
    private readonly Dictionary<int, string> _running = [];
    private double _seconds;

    public long Microseconds => new DateTimeOffset(Start.AddSeconds(_seconds)).ToMicroseconds();

    /// <summary>The lines that follow are of this second from the start.</summary>
    public LogText At(double seconds)
    {
        _seconds = seconds;
        return this;
    }

    public LogText Ready() => Line("Ready thread_model=3");

    public LogText Connect(long size, int connection = 1) => Line(
        $"connection={connection} Connect export=\"\" tls=0 size=0x{size:x} minsize=0x0 prefsize=0x0 maxsize=0x0 write=1 flush=1 rotational=0 "
        + "trim=1 zero=2 fua=2 extents=1 cache=2 fast_zero=1");

    public LogText Disconnect(int connection = 1) => Line($"connection={connection} Disconnect transactions=1");

    public LogText Call(string action, int id, long offset = 0, long count = 4096, int connection = 1)
    {
        _running[id] = action;
        return Line($"connection={connection} {action} id={id} offset=0x{offset:x} count=0x{count:x} fua=0 ...");
    }

    public LogText Return(int id, string? error = null, int connection = 1)
        => Line($"connection={connection} ...{_running[id]} id={id} return={(error is null ? "0" : $"-1 error={error}")}");

    /// <summary>Both lines of a request that is over at once.</summary>
    public LogText Done(string action, int id, long offset = 0, long count = 4096, string? error = null)
        => Call(action, id, offset, count).Return(id, error);

    public LogText Line(string rest)
    {
        var time = Start.AddTicks((long)(_seconds * TimeSpan.TicksPerSecond));
        _text.Append(time.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)).Append(' ').Append(rest).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();
}

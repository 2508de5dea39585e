namespace SharpNbd.Server;

/// <summary>
/// Bounds the time that a client lets the handshake wait for its bytes, all waits together. What the server itself takes, as
/// for opening a disk, does not count.
/// </summary>
internal sealed class HandshakeDeadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly bool _isEndless;
    private TimeSpan _left;
    private long _since;
    private volatile bool _isOver;

    /// <param name="time">The clock.</param>
    /// <param name="limit">All waits together; zero for no limit.</param>
    /// <param name="abort">Cuts the connection, which ends the wait.</param>
    public HandshakeDeadline(TimeProvider time, TimeSpan limit, Action abort)
    {
        _time = time;
        _left = limit;
        _isEndless = limit == TimeSpan.Zero;
        _timer = time.CreateTimer(
            _ =>
            {
                _isOver = true;
                abort();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A wait begins; it ends when the result is disposed.</summary>
    public Wait Waiting()
    {
        _since = _time.GetTimestamp();
        if (!_isEndless)
        {
            _timer.Change(_left, Timeout.InfiniteTimeSpan);
        }

        return new Wait(this);
    }

    /// <summary>Called when a stream has ended: false, unless the deadline ended it.</summary>
    /// <exception cref="ProtocolViolationException">The deadline ended it.</exception>
    public bool Check() => _isOver ? throw new ProtocolViolationException("it did not finish the handshake in time") : false;

    public void Dispose() => _timer.Dispose();

    private void Stop()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var left = _left - _time.GetElapsedTime(_since);
        _left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>A wait that is under way.</summary>
    internal readonly ref struct Wait(HandshakeDeadline deadline)
    {
        public void Dispose() => deadline.Stop();
    }
}

using System.Diagnostics;

namespace SharpNbd.Server;

/// <summary>
/// Decides whether a connection that waits for a request asks again and again for a moment before it sleeps. Waking a
/// sleeping core takes 20 to 35 µs, more than a small request; but a thread that asks takes a core from those who have work. So
/// only while there are more cores than connections, while the answer has lately come within the moment, and while the
/// client sends one request at a time: with many under way, sleeping lets them arrive together.
/// </summary>
/// <param name="connections">The connections of the server.</param>
/// <param name="limit">How long to ask; zero never to.</param>
internal sealed class ReceiveSpin(ConnectionCount connections, TimeSpan limit)
{
    /// <summary>Batches up to this size count as one request at a time.</summary>
    private const int SmallBatch = 2;

    private readonly long _limit = (long)(limit.TotalSeconds * Stopwatch.Frequency);
    private long _average;
    private int _requests;

    /// <summary>A request was taken: those since the last wait make up the batch.</summary>
    public void Count() => _requests++;

    /// <summary>A wait begins: until when to ask again, or 0 to sleep at once.</summary>
    public long Begin(long now)
    {
        var isSmall = _requests <= SmallBatch;
        _requests = 0;
        return isSmall && _average < _limit && connections.LeavesCores ? now + _limit : 0;
    }

    /// <summary>The wait has ended; an eighth of it goes into the moving average.</summary>
    public void End(long begun, long now) => _average += (Math.Min(now - begun, _limit * 16) - _average) / 8;
}

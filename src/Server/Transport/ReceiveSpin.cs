using System.Diagnostics;

namespace SharpNbd.Server;

/// <summary>
/// Decides whether a connection that waits for a request asks again and again for a moment before it sleeps. Waking a
/// sleeping core takes 20 to 35 µs, more than a small request; but a thread that asks takes a core from those who have work. So
/// only while there are more cores than connections, and while requests have lately come within the moment.
/// </summary>
/// <param name="connections">The connections of the server.</param>
/// <param name="limit">How long to ask; zero never to.</param>
internal sealed class ReceiveSpin(ConnectionCount connections, TimeSpan limit)
{
    private readonly long _limit = (long)(limit.TotalSeconds * Stopwatch.Frequency);
    private long _average;

    /// <summary>A wait begins: until when to ask again, or 0 to sleep at once.</summary>
    public long Begin(long now) => _average < _limit && connections.LeavesCores ? now + _limit : 0;

    /// <summary>The wait has ended; an eighth of it goes into the moving average.</summary>
    public void End(long begun, long now) => _average += (Math.Min(now - begun, _limit * 16) - _average) / 8;
}

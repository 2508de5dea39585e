namespace SharpNbd.Server;

/// <summary>
/// Bounds the bytes that the buffers of all connections hold together. Asked only when a buffer is made or given up,
/// which in steady state no request does.
/// </summary>
/// <param name="limit">In bytes.</param>
/// <param name="makeRoom">Called now and then by whoever waits for so many bytes: to take them from who misuses them.</param>
internal sealed class MemoryBudget(long limit, Action<long>? makeRoom = null)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly object _gate = new();
    private long _used;

    /// <summary>Takes bytes, waiting for others to give some back, unless that is cancelled.</summary>
    /// <returns>False when there were none in time.</returns>
    public bool TryTake(long bytes, TimeSpan wait, CancellationToken cancellationToken = default)
    {
        using var cancelled = cancellationToken.UnsafeRegister(static budget => ((MemoryBudget)budget!).WakeAll(), this);
        var deadline = Environment.TickCount64 + (long)wait.TotalMilliseconds;
        while (true)
        {
            lock (_gate)
            {
                if (_used + bytes <= limit)
                {
                    _used += bytes;
                    return true;
                }

                var left = TimeSpan.FromMilliseconds(deadline - Environment.TickCount64);
                if (left <= TimeSpan.Zero || cancellationToken.IsCancellationRequested)
                {
                    return false;
                }

                if (Monitor.Wait(_gate, left < Step ? left : Step))
                {
                    continue;
                }
            }

            makeRoom?.Invoke(bytes);
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes)
    {
        lock (_gate)
        {
            _used -= bytes;
            Monitor.PulseAll(_gate);
        }
    }

    private void WakeAll()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }
}

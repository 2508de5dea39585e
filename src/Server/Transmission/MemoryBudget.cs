namespace SharpNbd.Server;

/// <summary>
/// Bounds the bytes that the buffers of all connections hold together. Asked only when a buffer is made or given up,
/// which in steady state no request does.
/// </summary>
/// <param name="limit">In bytes.</param>
internal sealed class MemoryBudget(long limit)
{
    private readonly object _gate = new();
    private long _used;

    /// <summary>Takes bytes, waiting for others to give some back, unless that is cancelled.</summary>
    /// <returns>False when there were none in time.</returns>
    public bool TryTake(long bytes, TimeSpan wait, CancellationToken cancellationToken = default)
    {
        using var cancelled = cancellationToken.UnsafeRegister(static budget => ((MemoryBudget)budget!).WakeAll(), this);
        var deadline = Environment.TickCount64 + (long)wait.TotalMilliseconds;
        lock (_gate)
        {
            while (_used + bytes > limit)
            {
                var left = deadline - Environment.TickCount64;
                if (left <= 0 || cancellationToken.IsCancellationRequested || !Monitor.Wait(_gate, TimeSpan.FromMilliseconds(left)))
                {
                    return false;
                }
            }

            _used += bytes;
            return true;
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

namespace SharpNbd.Server;

/// <summary>Bounds the requests of one connection whose answer has not been sent, and tells when there are none.</summary>
/// <param name="limit">How many, 1 or more.</param>
internal sealed class InFlightGate(int limit)
{
    private readonly object _gate = new();
    private int _count;

    /// <summary>Whether another one may begin. Only the connection's thread enters, so that the answer holds until it does.</summary>
    public bool HasRoom => Volatile.Read(ref _count) < limit;

    /// <summary>Whether any is in flight.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave()
    {
        lock (_gate)
        {
            Interlocked.Decrement(ref _count);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until another one may begin, and so many bytes of the pool are free or none is in flight that could free some.</summary>
    public void WaitForRoom(RequestPool pool, int length)
    {
        lock (_gate)
        {
            while (_count > 0 && (_count >= limit || !pool.HasRoomFor(length)))
            {
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Waits until none is in flight.</summary>
    public void WaitUntilEmpty()
    {
        lock (_gate)
        {
            while (_count > 0)
            {
                Monitor.Wait(_gate);
            }
        }
    }
}

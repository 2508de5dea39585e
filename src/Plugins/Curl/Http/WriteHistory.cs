namespace SharpNbd.Plugins;

/// <summary>
/// Counts the writes of all clients. What was read while the count was another may be older than a write, and once there was one, the
/// server has a new version of the content of our own making.
/// </summary>
internal sealed class WriteHistory
{
    private long _count;

    public long Count => Volatile.Read(ref _count);

    /// <summary>Called when a write begins and again when it has ended.</summary>
    public void Mark() => Interlocked.Increment(ref _count);
}

namespace SharpNbd.Server;

/// <summary>Counts the connections of a server against the cores that it may use.</summary>
internal sealed class ConnectionCount
{
    private static readonly int Cores = Environment.ProcessorCount;

    private int _count;

    /// <summary>A core is left for somebody else when every connection keeps one busy.</summary>
    public bool LeavesCores => Volatile.Read(ref _count) < Cores;

    public void Add() => Interlocked.Increment(ref _count);

    public void Remove() => Interlocked.Decrement(ref _count);
}

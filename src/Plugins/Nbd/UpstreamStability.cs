namespace SharpNbd.Plugins;

/// <summary>
/// Whether the server may have forgotten something that it has acknowledged: when it was lost with writes that no flush had made stable,
/// nobody knows. Shared by all connections, for a flush on one covers the writes of all.
/// </summary>
internal sealed class UpstreamStability
{
    private long _written;
    private long _stable;
    private int _losses;

    /// <summary>How often writes may have been lost.</summary>
    public int Losses => Volatile.Read(ref _losses);

    /// <summary>How many writes there were; a flush that begins now covers them.</summary>
    public long Mark => Volatile.Read(ref _written);

    /// <summary>A write was acknowledged.</summary>
    public void Written() => Interlocked.Increment(ref _written);

    /// <summary>A flush was acknowledged that covers so many writes.</summary>
    public void Flushed(long mark)
    {
        for (var before = Volatile.Read(ref _stable); before < mark;)
        {
            before = Interlocked.CompareExchange(ref _stable, mark, before) is var seen && seen == before ? mark : seen;
        }
    }

    /// <summary>A connection was lost.</summary>
    public void Lost()
    {
        var written = Volatile.Read(ref _written);
        if (written > Volatile.Read(ref _stable))
        {
            Interlocked.Increment(ref _losses);
            Flushed(written);
        }
    }
}

namespace SharpNbd.Plugins;

/// <summary>Reads of a client of which each goes on where the one before ended, or nearly so.</summary>
internal sealed class SequentialStream
{
    /// <summary>Reads that arrive in another order than they were meant in are this many reads late at most.</summary>
    private const int MostLate = 4;

    /// <summary>Where the next read will begin.</summary>
    public long Next { get; private set; } = -1;

    /// <summary>How many bytes were read in a row.</summary>
    public long Run { get; private set; }

    /// <summary>Where what was fetched in advance ends.</summary>
    public long Frontier { get; set; } = -1;

    /// <summary>The turn at which it was last read from, to find the one that was not for longest.</summary>
    public long LastUsed { get; set; }

    /// <summary>A read belongs here, also one that skips what was fetched, or a late one.</summary>
    public bool IsNear(long offset, int length)
        => Next >= 0 && offset <= Math.Max(Next, Frontier) && offset >= Next - ((long)MostLate * length);

    /// <summary>Takes a read that belongs here; a late one says nothing about the next.</summary>
    public void Take(long offset, int length)
    {
        if (offset >= Next)
        {
            Next = offset + length;
            Run += length;
        }
    }

    /// <summary>Begins anew with a read that belongs to no stream.</summary>
    public void Restart(long offset, int length) => (Next, Run, Frontier) = (offset + length, length, offset + length);
}

namespace SharpNbd.Plugins;

/// <summary>The runs of a part of a disk. Never changed.</summary>
/// <param name="number">Which part.</param>
/// <param name="ends">Where its runs end, in blocks from its start; data and holes take turns.</param>
/// <param name="startsWithData">What the first run is.</param>
internal sealed class RandomSegment(long number, long[] ends, bool startsWithData)
{
    public long Number => number;

    /// <summary>The run that holds a block of the segment.</summary>
    public (bool IsData, long End) At(long block)
    {
        // The first run whose end lies behind the block.
        var found = Array.BinarySearch(ends, block + 1);
        var index = found >= 0 ? found : ~found;
        return ((index % 2 == 0) == startsWithData, ends[index]);
    }
}

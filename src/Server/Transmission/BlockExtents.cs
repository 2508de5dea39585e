using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Rounds extents to whole blocks: a client that was told of a minimum block size is told of nothing smaller ("Metadata querying").
/// </summary>
internal static class BlockExtents
{
    /// <summary>Adds the extents of one list to another, in whole blocks. A block of which the parts differ has what all of them have.</summary>
    /// <param name="extents">What the disk found; it begins with a whole block.</param>
    /// <param name="block">The minimum block size.</param>
    /// <param name="size">The size of the disk, where the last block may end early.</param>
    /// <param name="rounded">Where they go, empty.</param>
    public static void Round(ExtentList extents, long block, long size, ExtentList rounded)
    {
        const ExtentFlags everything = ExtentFlags.Hole | ExtentFlags.Zero;
        var mixed = everything;
        foreach (var extent in extents.Extents)
        {
            var start = extent.Offset;
            if (start % block != 0)
            {
                // The rest of a block that the one before began.
                var end = start - (start % block) + block;
                mixed &= extent.Flags;
                if (extent.End < end && extent.End != size)
                {
                    continue;
                }

                start = Math.Min(end, extent.End);
                rounded.Add(rounded.Next, start - rounded.Next, mixed);
            }

            var whole = extent.End == size ? size : extent.End - (extent.End % block);
            if (whole > start)
            {
                rounded.Add(start, whole - start, extent.Flags);
            }

            mixed = extent.Flags;
        }

        if (rounded.Count == 0)
        {
            // Not even one block is known as a whole.
            rounded.Add(rounded.Next, Math.Min(block, size - rounded.Next), ExtentFlags.Data);
        }
    }
}

namespace SharpNbd.Plugins;

/// <summary>
/// What lies where on a virtual disk: regions in order, without gaps, each of bytes in memory, of a part of a file, or of zeroes. Made by
/// <see cref="LayoutBuilder"/> and never changed afterwards, so that all connections use it without a lock. A region takes 24 bytes.
/// </summary>
internal sealed class VirtualLayout
{
    private readonly Entry[] _entries;
    private readonly ReadOnlyMemory<byte>[] _bytes;

    /// <summary>A layout of regions that follow each other.</summary>
    /// <param name="entries">The regions, in order, the first one at 0.</param>
    /// <param name="bytes">What the regions in memory hold.</param>
    /// <param name="size">Where the last region ends.</param>
    internal VirtualLayout(Entry[] entries, ReadOnlyMemory<byte>[] bytes, long size)
        => (_entries, _bytes, Size) = (entries, bytes, size);

    /// <summary>The size of the disk.</summary>
    public long Size { get; }

    /// <summary>The number of regions.</summary>
    public int Count => _entries.Length;

    /// <summary>A region by its number, from 0.</summary>
    public Region this[int index]
    {
        get
        {
            ref readonly var entry = ref _entries[index];
            var end = index + 1 < _entries.Length ? _entries[index + 1].Offset : Size;
            var kind = entry.Source >= 0 ? RegionKind.File : entry.Source == Entry.Zeroes ? RegionKind.Zeroes : RegionKind.Bytes;
            return new Region(entry.Offset, end - entry.Offset, kind, kind == RegionKind.Bytes ? ~entry.Source : entry.Source, entry.SourceOffset);
        }
    }

    /// <summary>The number of the region that holds a byte of the disk.</summary>
    /// <param name="offset">The byte, from 0 to before <see cref="Size"/>.</param>
    public int IndexOf(long offset)
    {
        var low = 0;
        var high = _entries.Length - 1;
        while (low < high)
        {
            var middle = (int)(((uint)low + (uint)high + 1) / 2);
            if (_entries[middle].Offset <= offset)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    /// <summary>What a region in memory holds.</summary>
    /// <param name="region">A region of <see cref="RegionKind.Bytes"/>.</param>
    public ReadOnlySpan<byte> BytesOf(Region region) => _bytes[region.Source].Span;

    /// <summary>A region as it is kept; its end is where the next one begins.</summary>
    /// <param name="Offset">The first byte on the disk.</param>
    /// <param name="SourceOffset">Where in the file it begins.</param>
    /// <param name="Source">The file's number, <see cref="Zeroes"/>, or the complement of the number of a piece of memory.</param>
    internal readonly record struct Entry(long Offset, long SourceOffset, int Source)
    {
        public const int Zeroes = int.MinValue;
    }
}

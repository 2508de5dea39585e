namespace SharpNbd.Plugins;

/// <summary>
/// What lies where on a virtual disk: regions in order, without gaps, each of bytes in memory or computed, of a part of a file, or of zeroes. Made by
/// <see cref="LayoutBuilder"/> and never changed afterwards, so that all connections use it without a lock. A region takes 24 bytes.
/// </summary>
internal sealed class VirtualLayout
{
    private readonly Entry[] _entries;
    private readonly ReadOnlyMemory<byte>[] _bytes;
    private readonly ComputedBytes[] _computed;

    /// <summary>A layout of regions that follow each other.</summary>
    /// <param name="entries">The regions, in order, the first one at 0.</param>
    /// <param name="bytes">What the regions in memory hold.</param>
    /// <param name="computed">What computes the others that have no file.</param>
    /// <param name="size">Where the last region ends.</param>
    internal VirtualLayout(Entry[] entries, ReadOnlyMemory<byte>[] bytes, ComputedBytes[] computed, long size)
        => (_entries, _bytes, _computed, Size) = (entries, bytes, computed, size);

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
            var (kind, source) = entry.Source switch
            {
                >= 0 => (RegionKind.File, entry.Source),
                Entry.Zeroes => (RegionKind.Zeroes, Entry.Zeroes),
                <= Entry.Zeroes + Entry.MostComputed => (RegionKind.Computed, entry.Source - Entry.FirstComputed),
                _ => (RegionKind.Bytes, ~entry.Source),
            };
            return new Region(entry.Offset, end - entry.Offset, kind, source, entry.SourceOffset);
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

    /// <summary>Fills a buffer with bytes of a region that needs no file.</summary>
    /// <param name="region">The region, not one of <see cref="RegionKind.File"/>.</param>
    /// <param name="within">The first byte, from the start of the region.</param>
    /// <param name="buffer">Where they go; the region holds as many.</param>
    public void Fill(Region region, long within, Span<byte> buffer)
    {
        switch (region.Kind)
        {
            case RegionKind.Bytes:
                _bytes[region.Source].Span.Slice((int)within, buffer.Length).CopyTo(buffer);
                break;
            case RegionKind.Computed:
                _computed[region.Source].Fill(within, buffer);
                break;
            default:
                buffer.Clear();
                break;
        }
    }

    /// <summary>A region as it is kept; its end is where the next one begins.</summary>
    /// <param name="Offset">The first byte on the disk.</param>
    /// <param name="SourceOffset">Where in the file it begins.</param>
    /// <param name="Source">
    /// The file's number, <see cref="Zeroes"/>, <see cref="FirstComputed"/> and the number of what computes it, or the complement of the number
    /// of a piece of memory.
    /// </param>
    internal readonly record struct Entry(long Offset, long SourceOffset, int Source)
    {
        public const int Zeroes = int.MinValue;
        public const int FirstComputed = Zeroes + 1;
        public const int MostComputed = 1 << 20;
    }
}

using System.Buffers.Binary;

namespace SharpNbd.Plugins;

/// <summary>
/// The file allocation table (FAT specification, "FAT Data Structure"): for each cluster the next one of its file. Every file here lies in one
/// piece, so only the ends need to be known, and the table is computed from them: that of a terabyte would take 128 MiB.
/// </summary>
/// <param name="kind">How long the entries are.</param>
/// <param name="media">The first byte, which repeats BPB_Media.</param>
/// <param name="ends">The last cluster of every file and directory, in order.</param>
/// <param name="length">The bytes of the table, up to the end of its last sector.</param>
internal sealed class FatTable(FatKind kind, byte media, uint[] ends, long length) : ComputedBytes
{
    /// <summary>The first cluster of the volume; two entries stand in front.</summary>
    public const uint FirstCluster = 2;

    public override long Length => length;

    /// <inheritdoc/>
    public override void Fill(long offset, Span<byte> buffer)
    {
        if (kind.Bits == 12)
        {
            FillInPairs(offset, buffer);
            return;
        }

        var size = kind.Bits / 8;
        var entry = offset / size;
        var skip = (int)(offset % size);
        var end = IndexOfEnd(entry);
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        while (!buffer.IsEmpty)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, EntryOf(entry++, ref end));
            var part = bytes[skip..size];
            part = part[..Math.Min(part.Length, buffer.Length)];
            part.CopyTo(buffer);
            buffer = buffer[part.Length..];
            skip = 0;
        }
    }

    /// <summary>Two entries of 12 bits share three bytes.</summary>
    private void FillInPairs(long offset, Span<byte> buffer)
    {
        const int pair = 3;
        var entry = offset / pair * 2;
        var skip = (int)(offset % pair);
        var end = IndexOfEnd(entry);
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        while (!buffer.IsEmpty)
        {
            var first = EntryOf(entry++, ref end);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, first | (EntryOf(entry++, ref end) << 12));
            var part = bytes[skip..pair];
            part = part[..Math.Min(part.Length, buffer.Length)];
            part.CopyTo(buffer);
            buffer = buffer[part.Length..];
            skip = 0;
        }
    }

    /// <summary>The first end that is not before an entry.</summary>
    private int IndexOfEnd(long entry)
    {
        var index = Array.BinarySearch(ends, (uint)Math.Min(entry, uint.MaxValue));
        return index >= 0 ? index : ~index;
    }

    private uint EntryOf(long entry, ref int end)
    {
        switch (entry)
        {
            case 0:
                return (kind.EndOfChain & ~0xffu) | media;
            case 1:
                // The bits of a volume that was closed in order and has had no errors are set too.
                return kind.EndOfChain;
        }

        while (end < ends.Length && ends[end] < entry)
        {
            end++;
        }

        return end == ends.Length ? 0 : ends[end] == entry ? kind.EndOfChain : (uint)entry + 1;
    }
}

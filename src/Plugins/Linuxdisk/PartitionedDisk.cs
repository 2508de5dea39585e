using System.Buffers.Binary;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>
/// The partition table of a disk with one Linux partition (UEFI specification, "GUID Partition Table (GPT) Disk Layout"): in front
/// of the partition the protective MBR, the header and the entries; behind it the entries and the header once more.
/// </summary>
/// <param name="offset">Where the partition begins, a multiple of a sector.</param>
/// <param name="length">How long it is, a multiple of a sector.</param>
internal sealed class PartitionedDisk(long offset, long length)
{
    private const int Sector = 512;
    private const int EntrySize = 128;
    private const int EntryCount = 128;
    private const int EntriesSize = EntrySize * EntryCount;
    private const int HeaderSize = 92;

    /// <summary>How much stands in front, at the start of the disk.</summary>
    public const int HeadSize = (2 * Sector) + EntriesSize;

    /// <summary>How much stands behind, up to the end of the disk.</summary>
    public const int TailSize = EntriesSize + Sector;

    private static readonly Guid LinuxFileSystem = new("0fc63daf-8483-4772-8e79-3d69d8477de4");

    private readonly Guid _disk = Guid.NewGuid();
    private readonly byte[] _entries = Entries(offset, length);

    /// <summary>The size of the whole disk.</summary>
    public long Size => offset + length + TailSize;

    private long LastSector => (Size / Sector) - 1;

    /// <summary>What stands at the start.</summary>
    public byte[] Head()
    {
        var head = new byte[HeadSize];
        WriteProtectiveRecord(head);
        WriteHeader(head.AsSpan(Sector, Sector), own: 1, other: LastSector, entries: 2);
        _entries.CopyTo(head, 2 * Sector);
        return head;
    }

    /// <summary>What stands at the end.</summary>
    public byte[] Tail()
    {
        var tail = new byte[TailSize];
        _entries.CopyTo(tail, 0);
        WriteHeader(tail.AsSpan(EntriesSize), own: LastSector, other: 1, entries: LastSector - (EntriesSize / Sector));
        return tail;
    }

    private static byte[] Entries(long offset, long length)
    {
        var entries = new byte[EntriesSize];
        LinuxFileSystem.TryWriteBytes(entries);
        Guid.NewGuid().TryWriteBytes(entries.AsSpan(16));
        BinaryPrimitives.WriteInt64LittleEndian(entries.AsSpan(32), offset / Sector);
        BinaryPrimitives.WriteInt64LittleEndian(entries.AsSpan(40), ((offset + length) / Sector) - 1);
        Encoding.Unicode.GetBytes("Linux filesystem").CopyTo(entries, 56);
        return entries;
    }

    // One partition of the kind 0xee over all of the disk keeps old programs from writing to it.
    private void WriteProtectiveRecord(Span<byte> sector)
    {
        var entry = sector.Slice(446, 16);
        ((ReadOnlySpan<byte>)[0, 0, 2, 0, 0xee, 0xff, 0xff, 0xff]).CopyTo(entry);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], (uint)Math.Min(uint.MaxValue, LastSector));
        sector[510] = 0x55;
        sector[511] = 0xaa;
    }

    private void WriteHeader(Span<byte> header, long own, long other, long entries)
    {
        "EFI PART"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], 0x0001_0000);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], HeaderSize);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], own);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], other);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], HeadSize / Sector);
        BinaryPrimitives.WriteInt64LittleEndian(header[48..], LastSector - (TailSize / Sector));
        _disk.TryWriteBytes(header[56..]);
        BinaryPrimitives.WriteInt64LittleEndian(header[72..], entries);
        BinaryPrimitives.WriteUInt32LittleEndian(header[80..], EntryCount);
        BinaryPrimitives.WriteUInt32LittleEndian(header[84..], EntrySize);
        BinaryPrimitives.WriteUInt32LittleEndian(header[88..], Checksum(_entries));

        // Over the header with this field still zero.
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], Checksum(header[..HeaderSize]));
    }

    /// <summary>The CRC-32 of IEEE 802.3, bit by bit: a few kilobytes, once.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var rest = uint.MaxValue;
        foreach (var value in bytes)
        {
            rest ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                rest = (rest >> 1) ^ (0xedb8_8320 & (uint)-(int)(rest & 1));
            }
        }

        return ~rest;
    }
}

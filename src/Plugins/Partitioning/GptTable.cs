using System.Buffers.Binary;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>
/// A GUID partition table, at the start of the disk and again at its end (UEFI specification, "GUID Partition Table (GPT) Disk Layout").
/// </summary>
internal static class GptTable
{
    private const int SectorSize = MasterBootRecord.SectorSize;
    private const int EntrySize = 128;

    // What every program can read; more files get a multiple of it.
    private const int EntriesUnit = 128;
    private const int EntriesPerSector = SectorSize / EntrySize;

    private const int HeaderSize = 92;
    private const int NameLength = 36;
    private const byte ProtectiveType = 0xee;

    // "Defined GPT Partition Entry - Attributes": what the active partition of a master boot record is.
    private const long LegacyBootable = 1 << 2;

    /// <summary>Finds a place for each file.</summary>
    public static List<Partition> Place(IReadOnlyList<PartitionRequest> requests, IReadOnlyList<long> sizes)
    {
        var partitions = new List<Partition>();
        var next = FirstUsable(requests.Count);
        foreach (var (index, request) in requests.Index())
        {
            partitions.Add(PartitionedLayout.At(PartitionedLayout.Align(next, request.Alignment), request, sizes[index]));
            next = checked(partitions[^1].End);
        }

        return partitions;
    }

    /// <summary>The sectors that the second table takes behind the last partition.</summary>
    public static long SectorsBehind(int count) => EntrySectors(count) + 1;

    /// <summary>The tables by their sectors.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="sectors">The sectors of the disk.</param>
    public static SortedDictionary<long, byte[]> Create(IReadOnlyList<Partition> partitions, long sectors)
    {
        var disk = DiskIdentity.Of(partitions);
        var entries = Entries(partitions, disk);
        var last = sectors - 1;
        var behind = last - EntrySectors(partitions.Count);
        return new()
        {
            [0] = Protective(sectors),
            [1] = Header(partitions.Count, disk, entries, at: 1, other: last, entriesAt: 2, lastUsable: behind - 1),
            [2] = entries,
            [behind] = entries,
            [last] = Header(partitions.Count, disk, entries, at: last, other: 1, entriesAt: behind, lastUsable: behind - 1),
        };
    }

    private static long EntrySectors(int count) => (long)((count + EntriesUnit - 1) / EntriesUnit) * EntriesUnit / EntriesPerSector;

    private static long FirstUsable(int count) => 2 + EntrySectors(count);

    /// <summary>Keeps programs that know only the master boot record from taking the disk for empty ("Protective MBR").</summary>
    private static byte[] Protective(long sectors)
    {
        var record = MasterBootRecord.Create(0);
        MasterBootRecord.SetPartition(record, 0, ProtectiveType, 1, (uint)Math.Min(sectors - 1, uint.MaxValue));

        // StartingCHS has to say the sector behind the record.
        ((ReadOnlySpan<byte>)[0x00, 0x02, 0x00]).CopyTo(record.AsSpan(447));
        return record;
    }

    /// <summary>The array of entries ("GPT Partition Entry Array").</summary>
    private static byte[] Entries(IReadOnlyList<Partition> partitions, Guid disk)
    {
        var entries = new byte[EntrySectors(partitions.Count) * SectorSize];
        foreach (var (index, partition) in partitions.Index())
        {
            var entry = entries.AsSpan(index * EntrySize, EntrySize);
            partition.Request.TypeGuid.TryWriteBytes(entry); // PartitionTypeGUID
            DiskIdentity.OfPartition(disk, index).TryWriteBytes(entry[16..]); // UniquePartitionGUID
            BinaryPrimitives.WriteInt64LittleEndian(entry[32..], partition.Start); // StartingLBA
            BinaryPrimitives.WriteInt64LittleEndian(entry[40..], partition.End - 1); // EndingLBA
            BinaryPrimitives.WriteInt64LittleEndian(entry[48..], index == 0 ? LegacyBootable : 0); // Attributes
            var name = partition.Name.AsSpan(0, Math.Min(partition.Name.Length, NameLength - 1));
            Encoding.Unicode.GetBytes(name, entry[56..]); // PartitionName
        }

        return entries;
    }

    /// <summary>A header ("GPT Header").</summary>
    private static byte[] Header(int count, Guid disk, byte[] entries, long at, long other, long entriesAt, long lastUsable)
    {
        var header = new byte[SectorSize];
        var bytes = header.AsSpan();
        "EFI PART"u8.CopyTo(bytes); // Signature
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], 0x0001_0000); // Revision
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], HeaderSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], at); // MyLBA
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], other); // AlternateLBA
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], FirstUsable(count)); // FirstUsableLBA
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], lastUsable); // LastUsableLBA
        disk.TryWriteBytes(bytes[56..]); // DiskGUID
        BinaryPrimitives.WriteInt64LittleEndian(bytes[72..], entriesAt); // PartitionEntryLBA
        BinaryPrimitives.WriteInt32LittleEndian(bytes[80..], entries.Length / EntrySize); // NumberOfPartitionEntries
        BinaryPrimitives.WriteInt32LittleEndian(bytes[84..], EntrySize); // SizeOfPartitionEntry
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[88..], Crc32.Of(entries)); // PartitionEntryArrayCRC32
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], Crc32.Of(bytes[..HeaderSize])); // HeaderCRC32, computed over zero in its place
        return header;
    }
}

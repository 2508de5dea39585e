using System.Buffers.Binary;

namespace SharpNbd.Plugins;

/// <summary>
/// Writes a master boot record, and the boot records of an extended partition, which have the same form (UEFI specification, "Legacy Master Boot
/// Record (MBR)").
/// </summary>
internal static class MasterBootRecord
{
    public const int SectorSize = 512;

    /// <summary>The partitions that a record has room for.</summary>
    public const int Entries = 4;

    private const int FirstEntry = 446;
    private const int EntrySize = 16;

    // Head 254, sector 63, cylinder 1023: what stands where the number of a sector is too large for this way to say it, which clients
    // have not looked at for decades.
    private static ReadOnlySpan<byte> BeyondGeometry => [0xfe, 0xff, 0xff];

    /// <summary>A record without partitions.</summary>
    /// <param name="signature">What tells this disk from others (UniqueMBRSignature).</param>
    public static byte[] Create(uint signature)
    {
        var record = new byte[SectorSize];
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(440), signature);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(510), 0xaa55);
        return record;
    }

    /// <summary>Writes a partition.</summary>
    /// <param name="record">The record.</param>
    /// <param name="index">Which of its entries, from 0.</param>
    /// <param name="type">What is in the partition (OSType).</param>
    /// <param name="start">Its first sector (StartingLBA).</param>
    /// <param name="sectors">Its length (SizeInLBA).</param>
    /// <param name="isActive">Whether a BIOS starts from it (BootIndicator).</param>
    public static void SetPartition(byte[] record, int index, byte type, uint start, uint sectors, bool isActive = false)
    {
        var entry = record.AsSpan(FirstEntry + (index * EntrySize), EntrySize);
        entry[0] = isActive ? (byte)0x80 : (byte)0;
        BeyondGeometry.CopyTo(entry[1..]);
        entry[4] = type;
        BeyondGeometry.CopyTo(entry[5..]);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], start);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], sectors);
    }
}

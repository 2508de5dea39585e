using System.Buffers.Binary;

namespace SharpNbd.Plugins;

/// <summary>The 32 bytes of a file, directory or volume label in a directory (FAT specification, "FAT Directory Structure").</summary>
internal static class DirectoryEntry
{
    public const int Size = 32;

    public const byte VolumeId = 0x08;
    public const byte Directory = 0x10;
    public const byte Archive = 0x20;

    private static readonly DateTime First = new(1980, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Last = new(2107, 12, 31, 23, 59, 58, DateTimeKind.Utc);

    /// <summary>Writes an entry.</summary>
    /// <param name="entry">Its 32 bytes, all zero.</param>
    /// <param name="name">The 11 bytes of its name.</param>
    /// <param name="attributes">What it is.</param>
    /// <param name="time">When it last changed, in UTC.</param>
    /// <param name="cluster">Where its content begins, or 0.</param>
    /// <param name="length">The number of bytes, 0 for everything but a file.</param>
    public static void Write(Span<byte> entry, ReadOnlySpan<byte> name, byte attributes, DateTime time, uint cluster, uint length)
    {
        name.CopyTo(entry);
        entry[11] = attributes; // DIR_Attr

        // A label has no other times. "Date and Time Formats": two seconds are the finest that can be said.
        time = time < First ? First : time > Last ? Last : time;
        var date = (ushort)(((time.Year - 1980) << 9) | (time.Month << 5) | time.Day);
        var clock = (ushort)((time.Hour << 11) | (time.Minute << 5) | (time.Second / 2));
        if ((attributes & VolumeId) == 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(entry[14..], clock); // DIR_CrtTime
            BinaryPrimitives.WriteUInt16LittleEndian(entry[16..], date); // DIR_CrtDate
            BinaryPrimitives.WriteUInt16LittleEndian(entry[18..], date); // DIR_LstAccDate
        }

        BinaryPrimitives.WriteUInt16LittleEndian(entry[20..], (ushort)(cluster >> 16)); // DIR_FstClusHI
        BinaryPrimitives.WriteUInt16LittleEndian(entry[22..], clock); // DIR_WrtTime
        BinaryPrimitives.WriteUInt16LittleEndian(entry[24..], date); // DIR_WrtDate
        BinaryPrimitives.WriteUInt16LittleEndian(entry[26..], (ushort)cluster); // DIR_FstClusLO
        BinaryPrimitives.WriteUInt32LittleEndian(entry[28..], length); // DIR_FileSize
    }
}

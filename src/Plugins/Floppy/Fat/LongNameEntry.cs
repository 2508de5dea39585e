using System.Buffers.Binary;

namespace SharpNbd.Plugins;

/// <summary>
/// A directory entry that holds 13 characters of a long name (FAT specification, "FAT Long Directory Entries"). Those of a name stand in
/// front of the entry with the short name, the last part first.
/// </summary>
internal static class LongNameEntry
{
    /// <summary>The UTF-16 units in one entry.</summary>
    public const int Characters = 13;

    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int LongestName = 255;

    private const byte LastPart = 0x40;
    private const byte Attributes = 0x0f;

    // Where each of the characters stands: LDIR_Name1 at 1, LDIR_Name2 at 14, LDIR_Name3 at 28.
    private static ReadOnlySpan<byte> Places => [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

    /// <summary>Writes all entries of a name, which may be none, and returns how many bytes they took.</summary>
    public static int Write(Span<byte> target, string name, ReadOnlySpan<byte> shortName)
    {
        var parts = (name.Length + Characters - 1) / Characters;
        var checksum = Checksum(shortName);
        for (var part = parts; part > 0; part--)
        {
            var entry = target.Slice((parts - part) * DirectoryEntry.Size, DirectoryEntry.Size);
            entry[0] = (byte)(part == parts ? part | LastPart : part);
            entry[11] = Attributes;
            entry[13] = checksum;
            for (var index = 0; index < Characters; index++)
            {
                // A name that does not fill its last entry is ended by a zero and filled up with 0xffff.
                var at = ((part - 1) * Characters) + index;
                var character = at < name.Length ? name[at] : at == name.Length ? '\0' : '\uffff';
                BinaryPrimitives.WriteUInt16LittleEndian(entry[Places[index]..], character);
            }
        }

        return parts * DirectoryEntry.Size;
    }

    /// <summary>Ties the entries to the short name behind them ("ChkSum").</summary>
    private static byte Checksum(ReadOnlySpan<byte> shortName)
    {
        byte sum = 0;
        foreach (var value in shortName)
        {
            sum = (byte)(((sum & 1) << 7) + (sum >> 1) + value);
        }

        return sum;
    }
}

using System.Buffers.Binary;

namespace SharpNbd.Plugins;

/// <summary>The path table (ECMA-119, 6.9 and 9.4): all directories of a tree in one list.</summary>
internal static class PathTable
{
    /// <summary>The length of a table in bytes.</summary>
    public static int LengthOf(IsoTree tree) => tree.Directories.Sum(directory => LengthOf(directory.Identifier));

    /// <summary>Writes the table with numbers of one byte order: there is one table for each.</summary>
    public static byte[] Write(IsoTree tree, bool isBigEndian)
    {
        var table = new byte[LengthOf(tree)];
        var rest = table.AsSpan();
        foreach (var directory in tree.Directories)
        {
            var identifier = directory.Identifier;
            rest[0] = (byte)identifier.Length;
            if (isBigEndian)
            {
                BinaryPrimitives.WriteUInt32BigEndian(rest[2..], directory.Location);
                BinaryPrimitives.WriteUInt16BigEndian(rest[6..], directory.Parent.Number);
            }
            else
            {
                BinaryPrimitives.WriteUInt32LittleEndian(rest[2..], directory.Location);
                BinaryPrimitives.WriteUInt16LittleEndian(rest[6..], directory.Parent.Number);
            }

            identifier.CopyTo(rest[8..]);
            rest = rest[LengthOf(identifier)..];
        }

        return table;
    }

    private static int LengthOf(byte[] identifier) => 8 + identifier.Length + (identifier.Length & 1);
}

using System.Text;

namespace SharpNbd.Plugins;

/// <summary>Writes the content of directories, once every file and directory has its place.</summary>
internal static class DirectoryWriter
{
    /// <summary>The entries of a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="label">The volume's label, which stands in the root; null for none.</param>
    public static byte[] Write(FloppyDirectory directory, string? label)
    {
        var content = new byte[directory.Length];
        var rest = content.AsSpan();
        if (directory.Parent is { } parent)
        {
            Append(ref rest, ".          "u8, DirectoryEntry.Directory, directory.Time, directory.FirstCluster, 0);

            // "FAT Directory Structure": 0 stands for the root, also where that has a cluster.
            Append(ref rest, "..         "u8, DirectoryEntry.Directory, directory.Time, parent.Parent is null ? 0 : parent.FirstCluster, 0);
        }
        else if (label is not null)
        {
            Append(ref rest, Encoding.ASCII.GetBytes(label), DirectoryEntry.VolumeId, directory.Time, 0, 0);
        }

        foreach (var node in directory.Children)
        {
            var name = node.ShortName;
            if (node.EntryCount > 1)
            {
                rest = rest[LongNameEntry.Write(rest, node.Name, name)..];
            }

            var (attributes, length) = node is FloppyFile ? (DirectoryEntry.Archive, (uint)node.Length) : (DirectoryEntry.Directory, 0u);
            Append(ref rest, name, attributes, node.Time, node.FirstCluster, length);
        }

        return content;
    }

    private static void Append(ref Span<byte> rest, scoped ReadOnlySpan<byte> name, byte attributes, DateTime time, uint cluster, uint length)
    {
        DirectoryEntry.Write(rest[..DirectoryEntry.Size], name, attributes, time, cluster, length);
        rest = rest[DirectoryEntry.Size..];
    }
}

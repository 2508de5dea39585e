using System.Security.Cryptography;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>
/// Numbers by which systems tell disks and partitions apart. Made of the files' paths, so that they are the same at every start and for no
/// two disks of one machine.
/// </summary>
internal static class DiskIdentity
{
    /// <summary>The GUID of the disk that consists of partitions.</summary>
    public static Guid Of(IReadOnlyList<Partition> partitions)
        => Of("disk\0" + string.Join('\0', partitions.Select(partition => partition.Request.File.Value)));

    /// <summary>The GUID of one of them.</summary>
    /// <param name="disk">That of the disk.</param>
    /// <param name="index">Which one it is.</param>
    public static Guid OfPartition(Guid disk, int index) => Of($"partition\0{disk}\0{index}");

    private static Guid Of(string text)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16);

        // RFC 9562, "UUID Version 8": whatever its maker likes, but for these bits.
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}

using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// The first sector of an image that also starts from a disk: code out of isohdpfx.bin of ISOLINUX, what that code needs to
/// know, and a partition that spans the image. The layout is that of isohybrid, the tool of SYSLINUX.
/// </summary>
internal static class HybridBootRecord
{
    public const int Length = 512;

    /// <summary>The image must end where a cylinder of 64 heads and 32 sectors does.</summary>
    public const long Cylinder = Heads * Sectors * Length;

    private const int CodeLength = 432;
    private const int Heads = 64;
    private const int Sectors = 32;
    private const byte HiddenNtfs = 0x17;

    /// <summary>Writes the sector.</summary>
    /// <param name="code">The file with the code.</param>
    /// <param name="bootImage">The block where ISOLINUX lies.</param>
    /// <param name="size">The size of the image, a multiple of <see cref="Cylinder"/>.</param>
    /// <param name="time">When the image was made, which becomes the disk's number.</param>
    public static byte[] Write(ReadOnlySpan<byte> code, uint bootImage, long size, DateTime time)
    {
        var sector = new byte[Length];
        code[..Math.Min(code.Length, CodeLength)].CopyTo(sector);
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(432), checked(bootImage * (IsoField.Block / Length)));
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(440), (uint)(time - DateTime.UnixEpoch).TotalSeconds);

        // Where the last cylinder has no number in ten bits, the highest one stands for it.
        var cylinder = (int)Math.Min((size / Cylinder) - 1, 1023);
        var partition = sector.AsSpan(446, 16);
        partition[0] = 0x80;
        partition[2] = 1;
        partition[4] = HiddenNtfs;
        partition[5] = Heads - 1;
        partition[6] = (byte)(Sectors | ((cylinder >> 8) << 6));
        partition[7] = (byte)cylinder;
        BinaryPrimitives.WriteUInt32LittleEndian(partition[12..], (uint)Math.Min(size / Length, uint.MaxValue));
        sector[510] = 0x55;
        sector[511] = 0xaa;
        return sector;
    }

    /// <summary>Reads the code.</summary>
    /// <exception cref="ParameterException">The file cannot be read, or is none.</exception>
    public static byte[] ReadCode(string path)
    {
        try
        {
            var code = File.ReadAllBytes(path);
            return code.Length is >= CodeLength and <= 32768
                ? code
                : throw new ParameterException($"params: -isohybrid-mbr {path}: 432 to 32768 bytes of boot code are needed, such as those of isohdpfx.bin");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ParameterException($"params: -isohybrid-mbr {path}: {e.Message}");
        }
    }
}

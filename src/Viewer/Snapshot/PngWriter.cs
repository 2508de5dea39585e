using System.Buffers.Binary;
using System.IO.Compression;

namespace SharpNbd.Viewer;

/// <summary>Writes a picture as a PNG file of 24-bit colours (PNG specification, third edition).</summary>
internal static class PngWriter
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private static readonly uint[] CrcTable = MakeCrcTable();

    public static void Write(Stream stream, PixelImage image)
    {
        stream.Write(Signature);

        // 11.2.1 IHDR: width, height, bits of a sample, colour type 2 (truecolour), and the only compression, filter and no interlace.
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), image.Height);
        header[8] = 8;
        header[9] = 2;
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "IDAT"u8, Compress(image));
        WriteChunk(stream, "IEND"u8, []);
    }

    // 9 Filtering: each line begins with its filter, here 0, none, which suits pictures of even areas.
    private static byte[] Compress(PixelImage image)
    {
        var line = new byte[1 + (3 * image.Width)];
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal))
        {
            for (var y = 0; y < image.Height; y++)
            {
                for (var x = 0; x < image.Width; x++)
                {
                    var pixel = image[x, y];
                    (line[(3 * x) + 1], line[(3 * x) + 2], line[(3 * x) + 3]) = (pixel.Red, pixel.Green, pixel.Blue);
                }

                zlib.Write(line);
            }
        }

        return compressed.ToArray();
    }

    // 5.3 Chunk layout: length, type, data, and the CRC of type and data.
    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, type), data));
        stream.Write(number);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return crc;
    }

    // Annex D: the polynomial of ISO 3309, with its bits in reverse.
    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (var index = 0u; index < table.Length; index++)
        {
            var value = index;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1;
            }

            table[index] = value;
        }

        return table;
    }
}

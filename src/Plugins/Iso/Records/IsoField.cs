using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>How ECMA-119 writes numbers, dates and texts.</summary>
internal static class IsoField
{
    /// <summary>The size of a logical block and of a sector of a CD.</summary>
    public const int Block = 2048;

    /// <summary>How many blocks a number of bytes takes.</summary>
    public static uint BlocksOf(long bytes) => checked((uint)((bytes + Block - 1) / Block));

    /// <summary>A number of 16 bits in both byte orders (ECMA-119, 7.2.3).</summary>
    public static void Both16(Span<byte> field, int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(field, (ushort)value);
        BinaryPrimitives.WriteUInt16BigEndian(field[2..], (ushort)value);
    }

    /// <summary>A number of 32 bits in both byte orders (ECMA-119, 7.3.3).</summary>
    public static void Both32(Span<byte> field, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(field, value);
        BinaryPrimitives.WriteUInt32BigEndian(field[4..], value);
    }

    /// <summary>A date in 7 bytes, in UTC (ECMA-119, 9.1.5): years 1900 to 2155.</summary>
    public static void ShortDate(Span<byte> field, DateTime time)
    {
        field[0] = (byte)(Math.Clamp(time.Year, 1900, 2155) - 1900);
        field[1] = (byte)time.Month;
        field[2] = (byte)time.Day;
        field[3] = (byte)time.Hour;
        field[4] = (byte)time.Minute;
        field[5] = (byte)time.Second;
        field[6] = 0;
    }

    /// <summary>A date in 17 bytes, in UTC (ECMA-119, 8.4.26.1).</summary>
    public static void LongDate(Span<byte> field, DateTime time)
    {
        Encoding.ASCII.GetBytes(time.ToString("yyyyMMddHHmmssff", CultureInfo.InvariantCulture), field);
        field[16] = 0;
    }

    /// <summary>"Not specified", as a date in 17 bytes (ECMA-119, 8.4.26.1).</summary>
    public static void NoDate(Span<byte> field)
    {
        field[..16].Fill((byte)'0');
        field[16] = 0;
    }

    /// <summary>A text with spaces behind it (ECMA-119, 7.4.3.2).</summary>
    public static void Text(Span<byte> field, string text)
    {
        field.Fill((byte)' ');
        Encoding.UTF8.GetBytes(text, field);
    }

    /// <summary>A text in the encoding of Joliet with spaces behind it; what does not fit is cut.</summary>
    public static void JolietText(Span<byte> field, string text)
    {
        for (var at = 0; at + 1 < field.Length; at += 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(field[at..], at / 2 < text.Length ? text[at / 2] : ' ');
        }
    }
}

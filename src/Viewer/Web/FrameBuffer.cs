using System.Buffers.Binary;

namespace SharpNbd.Viewer;

/// <summary>Bytes that grow, in the order of the page's DataView: little endian.</summary>
internal sealed class FrameBuffer
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Room(1)[0] = value;

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt32(long value) => BinaryPrimitives.WriteUInt32LittleEndian(Room(4), (uint)Math.Clamp(value, 0, uint.MaxValue));

    public void Double(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);

    /// <summary>A time, as the page's clock counts: milliseconds since 1970.</summary>
    public void Time(long microseconds) => Double(microseconds / 1000.0);

    /// <summary>Leaves room for a number that is known later, and returns its place.</summary>
    public int Reserve()
    {
        UInt32(0);
        return Length - 4;
    }

    public void Fill(int place, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(place), value);

    private Span<byte> Room(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}

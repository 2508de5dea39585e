using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>Client to server: the 16 bytes that open every option, followed by its data ("Option haggling").</summary>
internal readonly record struct OptionHeader(OptionCode Option, uint Length)
{
    public const int Size = 16;

    /// <exception cref="ProtocolViolationException">The magic is wrong: the stream is out of step.</exception>
    public static OptionHeader Parse(ReadOnlySpan<byte> wire)
    {
        if (BinaryPrimitives.ReadUInt64BigEndian(wire) != Magic.Option)
        {
            throw new ProtocolViolationException($"wrong option magic 0x{BinaryPrimitives.ReadUInt64BigEndian(wire):x16}");
        }

        return new OptionHeader(
            Option: (OptionCode)BinaryPrimitives.ReadUInt32BigEndian(wire[8..]),
            Length: BinaryPrimitives.ReadUInt32BigEndian(wire[12..]));
    }
}

using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>
/// Client to server: the 32 bytes that open every request once extended headers are agreed on ("Request message", extension
/// branch). Its length is 64 bits wide and, with NBD_CMD_FLAG_PAYLOAD_LEN, that of the payload behind it.
/// </summary>
internal static class ExtendedRequestHeader
{
    public const int Size = 32;
    public const uint Magic = 0x21e4_1c71;

    /// <exception cref="ProtocolViolationException">The magic is wrong: the stream is out of step.</exception>
    public static RequestHeader Parse(ReadOnlySpan<byte> wire)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(wire) != Magic)
        {
            throw new ProtocolViolationException($"wrong extended request magic 0x{BinaryPrimitives.ReadUInt32BigEndian(wire):x8}");
        }

        var flags = (CommandFlags)BinaryPrimitives.ReadUInt16BigEndian(wire[4..]);
        var length = BinaryPrimitives.ReadUInt64BigEndian(wire[24..]);
        return new RequestHeader(
            Flags: flags,
            Command: (Command)BinaryPrimitives.ReadUInt16BigEndian(wire[6..]),
            Cookie: BinaryPrimitives.ReadUInt64BigEndian(wire[8..]),
            Offset: BinaryPrimitives.ReadUInt64BigEndian(wire[16..]),
            Length: length)
        {
            PayloadLength = (flags & CommandFlags.PayloadLen) != 0 ? length : 0,
        };
    }
}

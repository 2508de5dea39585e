using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>Client to server: the 28 bytes that open every request ("Request message"); <see cref="ExtendedRequestHeader"/> is the other form.</summary>
internal readonly record struct RequestHeader(CommandFlags Flags, Command Command, ulong Cookie, ulong Offset, ulong Length)
{
    public const int Size = 28;
    public const uint Magic = 0x2560_9513;

    /// <summary>The bytes that follow the header: in this form those of a write, and nothing else has any.</summary>
    public ulong PayloadLength { get; init; }

    /// <exception cref="ProtocolViolationException">The magic is wrong: the stream is out of step.</exception>
    public static RequestHeader Parse(ReadOnlySpan<byte> wire)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(wire) != Magic)
        {
            throw new ProtocolViolationException($"wrong request magic 0x{BinaryPrimitives.ReadUInt32BigEndian(wire):x8}");
        }

        var command = (Command)BinaryPrimitives.ReadUInt16BigEndian(wire[6..]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(wire[24..]);
        return new RequestHeader(
            Flags: (CommandFlags)BinaryPrimitives.ReadUInt16BigEndian(wire[4..]),
            Command: command,
            Cookie: BinaryPrimitives.ReadUInt64BigEndian(wire[8..]),
            Offset: BinaryPrimitives.ReadUInt64BigEndian(wire[16..]),
            Length: length)
        {
            PayloadLength = command == Command.Write ? length : 0,
        };
    }
}

using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>Server to client: the 20 bytes that open every chunk of a structured reply ("Structured reply chunk message").</summary>
internal readonly record struct StructuredReplyHeader(bool IsDone, ReplyChunkType Type, ulong Cookie, uint Length)
{
    public const int Size = 20;
    public const uint Magic = 0x668e_33ef;

    private const ushort DoneFlag = 1;

    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt32BigEndian(wire, Magic);
        BinaryPrimitives.WriteUInt16BigEndian(wire[4..], IsDone ? DoneFlag : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(wire[6..], (ushort)Type);
        BinaryPrimitives.WriteUInt64BigEndian(wire[8..], Cookie);
        BinaryPrimitives.WriteUInt32BigEndian(wire[16..], Length);
    }
}

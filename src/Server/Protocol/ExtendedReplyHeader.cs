using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>
/// Server to client: the 32 bytes that open every reply once extended headers are agreed on ("Extended reply chunk message", extension
/// branch). The offset is the request's, whatever the chunk is about.
/// </summary>
internal readonly record struct ExtendedReplyHeader(bool IsDone, ReplyChunkType Type, ulong Cookie, ulong Offset, ulong Length)
{
    public const int Size = 32;
    public const uint Magic = 0x6e8a_278c;

    private const ushort DoneFlag = 1;

    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt32BigEndian(wire, Magic);
        BinaryPrimitives.WriteUInt16BigEndian(wire[4..], IsDone ? DoneFlag : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(wire[6..], (ushort)Type);
        BinaryPrimitives.WriteUInt64BigEndian(wire[8..], Cookie);
        BinaryPrimitives.WriteUInt64BigEndian(wire[16..], Offset);
        BinaryPrimitives.WriteUInt64BigEndian(wire[24..], Length);
    }
}

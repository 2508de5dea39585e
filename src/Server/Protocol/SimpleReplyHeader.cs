using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Server to client: the 16 bytes of a simple reply, followed by the data of a read ("Simple reply message").</summary>
internal readonly record struct SimpleReplyHeader(NbdError Error, ulong Cookie)
{
    public const int Size = 16;
    public const uint Magic = 0x6744_6698;

    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt32BigEndian(wire, Magic);
        BinaryPrimitives.WriteUInt32BigEndian(wire[4..], (uint)Error);
        BinaryPrimitives.WriteUInt64BigEndian(wire[8..], Cookie);
    }
}

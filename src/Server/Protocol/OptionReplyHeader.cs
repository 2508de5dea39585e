using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>Server to client: the 20 bytes that open every reply to an option, followed by its data ("Option haggling").</summary>
internal readonly record struct OptionReplyHeader(OptionCode Option, OptionReplyCode Reply, uint Length)
{
    public const int Size = 20;

    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt64BigEndian(wire, Magic.OptionReply);
        BinaryPrimitives.WriteUInt32BigEndian(wire[8..], (uint)Option);
        BinaryPrimitives.WriteUInt32BigEndian(wire[12..], (uint)Reply);
        BinaryPrimitives.WriteUInt32BigEndian(wire[16..], Length);
    }
}

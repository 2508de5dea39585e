using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>Server to client: the 18 bytes that open a newstyle connection ("Newstyle negotiation").</summary>
internal readonly record struct Greeting(HandshakeFlags Flags)
{
    public const int Size = 18;

    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt64BigEndian(wire, Magic.Greeting);
        BinaryPrimitives.WriteUInt64BigEndian(wire[8..], Magic.Option);
        BinaryPrimitives.WriteUInt16BigEndian(wire[16..], (ushort)Flags);
    }
}

using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>
/// Server to client: the 152 bytes that are the whole of "Oldstyle negotiation". The upper half of its 32 bits of flags are
/// handshake flags, of which none may be set here.
/// </summary>
internal readonly record struct OldstyleGreeting(ulong ExportSize, TransmissionFlags Flags)
{
    public const int Size = 8 + 8 + 8 + 4 + 124;

    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt64BigEndian(wire, Magic.Greeting);
        BinaryPrimitives.WriteUInt64BigEndian(wire[8..], Magic.Oldstyle);
        BinaryPrimitives.WriteUInt64BigEndian(wire[16..], ExportSize);
        BinaryPrimitives.WriteUInt32BigEndian(wire[24..], (ushort)Flags);
        wire[28..Size].Clear();
    }
}

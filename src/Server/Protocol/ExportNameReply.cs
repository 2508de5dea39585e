using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>Server to client: the answer to NBD_OPT_EXPORT_NAME, 10 bytes, and 124 zeroes for clients that want them.</summary>
internal readonly record struct ExportNameReply(ulong ExportSize, TransmissionFlags Flags, bool HasPadding)
{
    private const int Padding = 124;

    public int Size => HasPadding ? 10 + Padding : 10;

    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt64BigEndian(wire, ExportSize);
        BinaryPrimitives.WriteUInt16BigEndian(wire[8..], (ushort)Flags);
        wire[10..Size].Clear();
    }
}

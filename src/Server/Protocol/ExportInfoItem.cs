using System.Buffers.Binary;

namespace SharpNbd.Server;

/// <summary>NBD_INFO_EXPORT: 12 bytes of a NBD_REP_INFO.</summary>
internal readonly record struct ExportInfoItem(ulong ExportSize, TransmissionFlags Flags)
{
    public const int Size = 12;

    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt16BigEndian(wire, (ushort)InfoType.Export);
        BinaryPrimitives.WriteUInt64BigEndian(wire[2..], ExportSize);
        BinaryPrimitives.WriteUInt16BigEndian(wire[10..], (ushort)Flags);
    }
}

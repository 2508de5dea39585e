using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>NBD_INFO_BLOCK_SIZE: 14 bytes of a NBD_REP_INFO.</summary>
internal readonly record struct BlockSizeItem(BlockSize BlockSize)
{
    public const int Size = 14;

    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt16BigEndian(wire, (ushort)InfoType.BlockSize);
        BinaryPrimitives.WriteUInt32BigEndian(wire[2..], (uint)BlockSize.Minimum);
        BinaryPrimitives.WriteUInt32BigEndian(wire[6..], (uint)BlockSize.Preferred);
        BinaryPrimitives.WriteUInt32BigEndian(wire[10..], (uint)BlockSize.Maximum);
    }
}

using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>One extent in a BLOCK_STATUS chunk: 8 bytes ("NBD_REPLY_TYPE_BLOCK_STATUS").</summary>
internal readonly record struct BlockDescriptor(uint Length, ExtentFlags Status)
{
    public const int Size = 8;

    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt32BigEndian(wire, Length);
        BinaryPrimitives.WriteUInt32BigEndian(wire[4..], (uint)Status);
    }
}

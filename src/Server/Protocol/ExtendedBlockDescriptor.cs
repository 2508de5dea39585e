using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>One extent in a BLOCK_STATUS_EXT chunk: 16 bytes ("NBD_REPLY_TYPE_BLOCK_STATUS_EXT", extension branch).</summary>
internal readonly record struct ExtendedBlockDescriptor(ulong Length, ExtentFlags Status)
{
    public const int Size = 16;

    public void Write(Span<byte> wire)
    {
        BinaryPrimitives.WriteUInt64BigEndian(wire, Length);
        BinaryPrimitives.WriteUInt64BigEndian(wire[8..], (ulong)Status);
    }
}

using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Client;

/// <summary>What opens a reply, or a chunk of one, in whichever form.</summary>
/// <param name="Cookie">The request that it belongs to.</param>
/// <param name="IsSimple">A simple reply: its data, if it is a read's, follows and has no length of its own.</param>
/// <param name="IsDone">The last chunk.</param>
/// <param name="Type">The type of the chunk.</param>
/// <param name="Length">The bytes behind the header.</param>
/// <param name="Error">The error of a simple reply.</param>
/// <param name="Offset">With extended headers, the offset of the request.</param>
internal readonly record struct ReplyHeader(
    ulong Cookie, bool IsSimple, bool IsDone, ChunkType Type, long Length, uint Error, long? Offset)
{
    /// <summary>The size of a simple reply, which is the shortest.</summary>
    public const int SimpleSize = 16;

    private const int StructuredSize = 20;
    private const int ExtendedSize = 32;
    private const ushort DoneFlag = 1;

    /// <summary>How long the header is that begins with these four bytes; a peer that sends another one is out of step.</summary>
    /// <exception cref="NbdConnectionException">It is none that was agreed on.</exception>
    public static int SizeOf(ReadOnlySpan<byte> wire, HeaderForm form) => (BinaryPrimitives.ReadUInt32BigEndian(wire), form) switch
    {
        (Magic.SimpleReply, not HeaderForm.Extended) => SimpleSize,
        (Magic.StructuredReply, HeaderForm.Structured) => StructuredSize,
        (Magic.ExtendedReply, HeaderForm.Extended) => ExtendedSize,
        var (magic, _) => throw new NbdConnectionException($"the server sent a reply that begins with 0x{magic:x8}, which was not agreed on"),
    };

    /// <summary>Reads a header of that size.</summary>
    /// <exception cref="NbdConnectionException">It is longer than anything that makes sense.</exception>
    public static ReplyHeader Parse(ReadOnlySpan<byte> wire)
    {
        if (wire.Length == SimpleSize)
        {
            return new ReplyHeader(
                BinaryPrimitives.ReadUInt64BigEndian(wire[8..]), true, true, ChunkType.None, 0, BinaryPrimitives.ReadUInt32BigEndian(wire[4..]), null);
        }

        var isExtended = wire.Length == ExtendedSize;
        var length = isExtended ? BinaryPrimitives.ReadUInt64BigEndian(wire[24..]) : BinaryPrimitives.ReadUInt32BigEndian(wire[16..]);
        if (length > uint.MaxValue)
        {
            throw new NbdConnectionException($"the server sent a chunk of {length} bytes");
        }

        return new ReplyHeader(
            BinaryPrimitives.ReadUInt64BigEndian(wire[8..]),
            IsSimple: false,
            (BinaryPrimitives.ReadUInt16BigEndian(wire[4..]) & DoneFlag) != 0,
            (ChunkType)BinaryPrimitives.ReadUInt16BigEndian(wire[6..]),
            (long)length,
            Error: 0,
            isExtended ? BinaryPrimitives.ReadInt64BigEndian(wire[16..]) : null);
    }

    /// <summary>The error number as a disk reports it; numbers that the protocol does not know mean EINVAL ("Error values").</summary>
    public static NbdError ErrorOf(uint number)
        => Enum.IsDefined((NbdError)number) ? (NbdError)number : NbdError.EINVAL;
}

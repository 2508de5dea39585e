using System.Buffers.Binary;

namespace SharpNbd.Client;

/// <summary>What opens every request: 28 bytes, or 32 with extended headers ("Request message", "Extended request message").</summary>
internal readonly record struct RequestHeader(CommandFlags Flags, Command Command, ulong Cookie, long Offset, long Length)
{
    public const int LongestSize = 32;
    private const int CompactSize = 28;

    /// <summary>Writes the header and returns its size.</summary>
    public int Write(Span<byte> wire, HeaderForm form)
    {
        var isExtended = form == HeaderForm.Extended;
        BinaryPrimitives.WriteUInt32BigEndian(wire, isExtended ? Magic.ExtendedRequest : Magic.Request);
        BinaryPrimitives.WriteUInt16BigEndian(wire[4..], (ushort)Flags);
        BinaryPrimitives.WriteUInt16BigEndian(wire[6..], (ushort)Command);
        BinaryPrimitives.WriteUInt64BigEndian(wire[8..], Cookie);
        BinaryPrimitives.WriteInt64BigEndian(wire[16..], Offset);
        if (isExtended)
        {
            BinaryPrimitives.WriteInt64BigEndian(wire[24..], Length);
            return LongestSize;
        }

        BinaryPrimitives.WriteUInt32BigEndian(wire[24..], checked((uint)Length));
        return CompactSize;
    }
}

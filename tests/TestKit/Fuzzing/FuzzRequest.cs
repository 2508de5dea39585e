using System.Buffers.Binary;

namespace SharpNbd.TestKit;

/// <summary>A request as a fuzzed client sent it.</summary>
internal readonly record struct FuzzRequest(ushort Flags, ushort Command, ulong Cookie, ulong Offset, ulong Length, bool IsExtended)
{
    public ulong End => Offset + Length;

    public bool MayFragment => (Flags & Wire.DontFragment) == 0;

    /// <summary>The bytes behind the header: those of a compact write, or what an extended request says that it has.</summary>
    public ulong Payload => IsExtended ? Has(Wire.PayloadLen) ? Length : 0 : Command == Wire.Write ? Length : 0;

    public bool Has(ushort flag) => (Flags & flag) != 0;

    public static int HeaderSize(FuzzForm form) => form == FuzzForm.Extended ? 32 : 28;

    /// <summary>Reads a header.</summary>
    /// <returns>False where the magic is wrong.</returns>
    public static bool TryParse(ReadOnlySpan<byte> header, FuzzForm form, out FuzzRequest request)
    {
        var isExtended = form == FuzzForm.Extended;
        request = new FuzzRequest(
            BinaryPrimitives.ReadUInt16BigEndian(header[4..]), BinaryPrimitives.ReadUInt16BigEndian(header[6..]),
            BinaryPrimitives.ReadUInt64BigEndian(header[8..]), BinaryPrimitives.ReadUInt64BigEndian(header[16..]),
            isExtended ? BinaryPrimitives.ReadUInt64BigEndian(header[24..]) : BinaryPrimitives.ReadUInt32BigEndian(header[24..]),
            isExtended);
        return BinaryPrimitives.ReadUInt32BigEndian(header) == (isExtended ? 0x21e41c71 : 0x25609513);
    }
}

using System.Buffers.Binary;
using System.Text;

namespace SharpNbd.TestKit;

/// <summary>
/// Builds the bytes of the NBD protocol from its specification. It shares no code and no constant with the server, so that a mistake
/// there shows.
/// </summary>
public static class Wire
{
    /// <summary>Both flags that a client may answer the greeting with: fixed newstyle and no zeroes.</summary>
    public const uint BothClientFlags = 3;

    /// <summary>The options.</summary>
    public const uint ExportName = 1, Abort = 2, List = 3, PeekExport = 4, StartTls = 5, Info = 6, Go = 7, StructuredReply = 8,
        ListMetaContext = 9, SetMetaContext = 10, ExtendedHeaders = 11;

    /// <summary>The replies to options.</summary>
    public const uint Ack = 1, ServerReply = 2, InfoReply = 3, MetaContextReply = 4;

    /// <summary>The errors that options are answered with.</summary>
    public const uint ErrUnsup = 0x80000001, ErrPolicy = 0x80000002, ErrInvalid = 0x80000003, ErrPlatform = 0x80000004,
        ErrTlsReqd = 0x80000005, ErrUnknown = 0x80000006, ErrBlockSizeReqd = 0x80000008, ErrTooBig = 0x80000009,
        ErrExtHeaderReqd = 0x8000000a;

    /// <summary>The commands.</summary>
    public const ushort Read = 0, Write = 1, Disconnect = 2, Flush = 3, Trim = 4, Cache = 5, WriteZeroes = 6, BlockStatus = 7;

    /// <summary>The flags of commands.</summary>
    public const ushort Fua = 1, NoHole = 2, DontFragment = 4, ReqOne = 8, FastZero = 16, PayloadLen = 32;

    /// <summary>The errors of requests.</summary>
    public const uint NotPermitted = 1, InputOutput = 5, NoMemory = 12, Invalid = 22, NoSpace = 28, Overflow = 75, NotSupported = 95,
        Shutdown = 108;

    /// <summary>The types of structured chunks.</summary>
    public const ushort NoneChunk = 0, OffsetDataChunk = 1, OffsetHoleChunk = 2, BlockStatusChunk = 5, BlockStatusExtChunk = 6,
        ErrorChunk = 0x8001, ErrorOffsetChunk = 0x8002;

    /// <summary>A 16-bit number, as every number on the wire the most significant byte first.</summary>
    public static byte[] U16(int value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }

    /// <summary>A 32-bit number.</summary>
    public static byte[] U32(long value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)value);
        return bytes;
    }

    /// <summary>A 64-bit number.</summary>
    public static byte[] U64(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>A text behind its 32-bit length.</summary>
    public static byte[] Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    /// <summary>Any bytes behind their 32-bit length.</summary>
    public static byte[] Text(byte[] text) => [.. U32(text.Length), .. text];

    /// <summary>Bytes that are all the same.</summary>
    public static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }

    /// <summary>The 18 bytes that a server says first.</summary>
    public static byte[] Greeting() => [.. "NBDMAGIC"u8, .. "IHAVEOPT"u8, .. U16(3)];

    /// <summary>An option with its data.</summary>
    public static byte[] Option(uint option, byte[] data) => [.. "IHAVEOPT"u8, .. U32(option), .. U32(data.Length), .. data];

    /// <summary>The data of INFO and GO.</summary>
    public static byte[] InfoData(string export, params ushort[] types)
        => [.. Text(export), .. U16(types.Length), .. types.SelectMany(type => U16(type))];

    /// <summary>The data of LIST_META_CONTEXT and SET_META_CONTEXT.</summary>
    public static byte[] MetaContextData(string export, params string[] queries)
        => [.. Text(export), .. U32(queries.Length), .. queries.SelectMany(Text)];

    /// <summary>A reply to an option.</summary>
    public static byte[] OptionReply(uint option, uint reply, byte[] data)
        => [.. U64(0x0003e889045565a9), .. U32(option), .. U32(reply), .. U32(data.Length), .. data];

    /// <summary>The header of a request.</summary>
    public static byte[] Request(ushort command, ulong cookie, ulong offset, uint length, ushort flags = 0)
        => [.. U32(0x25609513), .. U16(flags), .. U16(command), .. U64(cookie), .. U64(offset), .. U32(length)];

    /// <summary>A write with its payload.</summary>
    public static byte[] WriteRequest(ulong cookie, ulong offset, byte[] payload, ushort flags = 0)
        => [.. Request(Write, cookie, offset, (uint)payload.Length, flags), .. payload];

    /// <summary>A simple reply, with the data of a read.</summary>
    public static byte[] SimpleReply(ulong cookie, uint error, params byte[] data)
        => [.. U32(0x67446698), .. U32(error), .. U64(cookie), .. data];

    /// <summary>A chunk of a structured reply which is its last.</summary>
    public static byte[] LastChunk(ushort type, ulong cookie, byte[] payload)
        => Chunk(type, cookie, isDone: true, payload);

    /// <summary>A chunk of a structured reply.</summary>
    public static byte[] Chunk(ushort type, ulong cookie, bool isDone, byte[] payload)
        => [.. U32(0x668e33ef), .. U16(isDone ? 1 : 0), .. U16(type), .. U64(cookie), .. U32(payload.Length), .. payload];

    /// <summary>A structured reply to a read.</summary>
    public static byte[] OffsetData(ulong cookie, ulong offset, byte[] data)
        => LastChunk(OffsetDataChunk, cookie, [.. U64(offset), .. data]);

    /// <summary>A structured reply to a block status request: lengths and states of the first context that was negotiated.</summary>
    public static byte[] Status(ulong cookie, params (uint Length, uint State)[] extents)
        => LastChunk(BlockStatusChunk, cookie, [.. U32(1), .. extents.SelectMany(e => (byte[])[.. U32(e.Length), .. U32(e.State)])]);
}

using SharpNbd.Abstractions;

namespace SharpNbd.Server.Tests;

/// <summary>Every number of the protocol, copied from the specification's lists.</summary>
public sealed class ProtocolNumberTests
{
    [Fact]
    public void Options() => AssertNumbers<OptionCode>(
        ("ExportName", 1), ("Abort", 2), ("List", 3), ("PeekExport", 4), ("StartTls", 5), ("Info", 6), ("Go", 7),
        ("StructuredReply", 8), ("ListMetaContext", 9), ("SetMetaContext", 10), ("ExtendedHeaders", 11));

    [Fact]
    public void RepliesToOptions() => AssertNumbers<OptionReplyCode>(
        ("Ack", 1), ("Server", 2), ("Info", 3), ("MetaContext", 4),
        ("ErrUnsup", (1L << 31) + 1), ("ErrPolicy", (1L << 31) + 2), ("ErrInvalid", (1L << 31) + 3), ("ErrPlatform", (1L << 31) + 4),
        ("ErrTlsReqd", (1L << 31) + 5), ("ErrUnknown", (1L << 31) + 6), ("ErrShutdown", (1L << 31) + 7),
        ("ErrBlockSizeReqd", (1L << 31) + 8), ("ErrTooBig", (1L << 31) + 9), ("ErrExtHeaderReqd", (1L << 31) + 10));

    [Fact]
    public void HandshakeFlagBits() => AssertNumbers<HandshakeFlags>(("None", 0), ("FixedNewstyle", 1 << 0), ("NoZeroes", 1 << 1));

    [Fact]
    public void InformationTypes() => AssertNumbers<InfoType>(("Export", 0), ("Name", 1), ("Description", 2), ("BlockSize", 3));

    [Fact]
    public void TransmissionFlagBits() => AssertNumbers<TransmissionFlags>(
        ("HasFlags", 1 << 0), ("ReadOnly", 1 << 1), ("SendFlush", 1 << 2), ("SendFua", 1 << 3), ("Rotational", 1 << 4),
        ("SendTrim", 1 << 5), ("SendWriteZeroes", 1 << 6), ("SendDf", 1 << 7), ("CanMultiConn", 1 << 8), ("SendCache", 1 << 10),
        ("SendFastZero", 1 << 11), ("BlockStatusPayload", 1 << 12));

    [Fact]
    public void Commands() => AssertNumbers<Command>(
        ("Read", 0), ("Write", 1), ("Disc", 2), ("Flush", 3), ("Trim", 4), ("Cache", 5), ("WriteZeroes", 6), ("BlockStatus", 7));

    [Fact]
    public void CommandFlagBits() => AssertNumbers<CommandFlags>(
        ("None", 0), ("Fua", 1 << 0), ("NoHole", 1 << 1), ("Df", 1 << 2), ("ReqOne", 1 << 3), ("FastZero", 1 << 4),
        ("PayloadLen", 1 << 5));

    [Fact]
    public void ChunkTypes() => AssertNumbers<ReplyChunkType>(
        ("None", 0), ("OffsetData", 1), ("OffsetHole", 2), ("BlockStatus", 5), ("BlockStatusExt", 6), ("Error", (1 << 15) + 1), ("ErrorOffset", (1 << 15) + 2));

    [Fact]
    public void Errors() => AssertNumbers<NbdError>(
        ("None", 0), ("EPERM", 1), ("EIO", 5), ("ENOMEM", 12), ("EINVAL", 22), ("ENOSPC", 28), ("EOVERFLOW", 75), ("ENOTSUP", 95),
        ("ESHUTDOWN", 108));

    [Fact]
    public void StatesOfTheAllocationContext() => AssertNumbers<ExtentFlags>(("Data", 0), ("Hole", 1 << 0), ("Zero", 1 << 1));

    private static void AssertNumbers<T>(params (string Name, long Number)[] expected)
        where T : struct, Enum
        => Assert.Equal(
            expected.OrderBy(pair => pair.Number),
            Enum.GetValues<T>().Select(value => (value.ToString(), Convert.ToInt64(value))).OrderBy(pair => pair.Item2));
}

using SharpNbd.Abstractions;

namespace SharpNbd.Server.Tests;

/// <summary>The headers of the transmission phase against bytes written from the NBD specification.</summary>
public sealed class TransmissionMessageTests
{
    [Fact]
    public void ARequest()
    {
        byte[] wire =
        [
            0x25, 0x60, 0x95, 0x13,                         // request magic
            0x00, 0x11,                                     // command flags: FUA, FAST_ZERO
            0x00, 0x06,                                     // type: WRITE_ZEROES
            0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10, // cookie
            0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, // offset: unsigned
            0xff, 0xff, 0xff, 0xfe,                         // length: unsigned
        ];

        var expected = new RequestHeader(
            CommandFlags.Fua | CommandFlags.FastZero, Command.WriteZeroes, 0xfedcba9876543210, 0x8000000000000001, 0xfffffffe);

        Assert.Equal(expected, RequestHeader.Parse(wire));
    }

    [Theory]
    [InlineData(0x25609514u)] // reserved
    [InlineData(0x12560953u)] // a mistake of old clients
    [InlineData(0x21e41c71u)] // an extended request, which nobody has asked for
    [InlineData(0x13956025u)] // the wrong byte order
    [InlineData(0u)]
    public void ARequestWithAWrongMagicIsAViolationThatNamesIt(uint magic)
    {
        byte[] wire = [(byte)(magic >> 24), (byte)(magic >> 16), (byte)(magic >> 8), (byte)magic, .. new byte[24]];

        var violation = Assert.Throws<ProtocolViolationException>(() => RequestHeader.Parse(wire));

        Assert.Contains($"0x{magic:x8}", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ASimpleReply()
    {
        byte[] expected =
        [
            0x67, 0x44, 0x66, 0x98,                         // simple reply magic
            0x00, 0x00, 0x00, 0x1c,                         // error: ENOSPC
            0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, // cookie
        ];

        var wire = Dirty(SimpleReplyHeader.Size);
        new SimpleReplyHeader(NbdError.ENOSPC, 0x0123456789abcdef).Write(wire);

        Assert.Equal(expected, wire);
    }

    [Fact]
    public void TheLastChunkOfAStructuredReply()
    {
        byte[] expected =
        [
            0x66, 0x8e, 0x33, 0xef,                         // structured reply magic
            0x00, 0x01,                                     // flags: DONE
            0x80, 0x01,                                     // type: ERROR
            0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, // cookie
            0x00, 0x00, 0x00, 0x06,                         // length of the payload
        ];

        var wire = Dirty(StructuredReplyHeader.Size);
        new StructuredReplyHeader(IsDone: true, ReplyChunkType.Error, 0x0123456789abcdef, 6).Write(wire);

        Assert.Equal(expected, wire);
    }

    [Fact]
    public void AChunkThatOthersFollow()
    {
        byte[] expected =
        [
            0x66, 0x8e, 0x33, 0xef,                         // structured reply magic
            0x00, 0x00,                                     // flags: none
            0x00, 0x01,                                     // type: OFFSET_DATA
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, // cookie
            0x04, 0x00, 0x00, 0x08,                         // length of the payload
        ];

        var wire = Dirty(StructuredReplyHeader.Size);
        new StructuredReplyHeader(IsDone: false, ReplyChunkType.OffsetData, ulong.MaxValue, (64 << 20) + 8).Write(wire);

        Assert.Equal(expected, wire);
    }

    [Fact]
    public void ABlockDescriptor()
    {
        byte[] expected =
        [
            0xff, 0xff, 0x00, 0x00, // length
            0x00, 0x00, 0x00, 0x03, // state: HOLE, ZERO
        ];

        var wire = Dirty(BlockDescriptor.Size);
        new BlockDescriptor(0xffff0000, ExtentFlags.Hole | ExtentFlags.Zero).Write(wire);

        Assert.Equal(expected, wire);
    }

    private static byte[] Dirty(int length) => [.. Enumerable.Repeat((byte)0xcc, length)];
}

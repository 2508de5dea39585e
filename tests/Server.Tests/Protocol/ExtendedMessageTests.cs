using SharpNbd.Abstractions;

namespace SharpNbd.Server.Tests;

/// <summary>Extended headers against bytes written from the extension branch of the NBD specification.</summary>
public sealed class ExtendedMessageTests
{
    [Fact]
    public void ARequestWhoseLengthIsThatOfItsEffect()
    {
        byte[] wire =
        [
            0x21, 0xe4, 0x1c, 0x71,                         // extended request magic
            0x00, 0x11,                                     // command flags: FUA, FAST_ZERO
            0x00, 0x06,                                     // type: WRITE_ZEROES
            0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10, // cookie
            0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, // offset: unsigned
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, // length: unsigned
        ];

        var expected = new RequestHeader(
            CommandFlags.Fua | CommandFlags.FastZero, Command.WriteZeroes, 0xfedcba9876543210, 0x8000000000000001, 0xfffffffffffffffe);

        Assert.Equal(expected, ExtendedRequestHeader.Parse(wire));
    }

    [Fact]
    public void ARequestWhoseLengthIsThatOfItsPayload()
    {
        byte[] wire =
        [
            0x21, 0xe4, 0x1c, 0x71,                         // extended request magic
            0x00, 0x20,                                     // command flags: PAYLOAD_LEN
            0x00, 0x01,                                     // type: WRITE
            0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07, // cookie
            0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, // offset
            0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, // length of the payload
        ];

        var expected = new RequestHeader(CommandFlags.PayloadLen, Command.Write, 7, 512, 65536) { PayloadLength = 65536 };

        Assert.Equal(expected, ExtendedRequestHeader.Parse(wire));
    }

    [Theory]
    [InlineData(0x25609513u)] // a compact request
    [InlineData(0x711ce421u)] // the wrong byte order
    [InlineData(0u)]
    public void ARequestWithAWrongMagicIsAViolationThatNamesIt(uint magic)
    {
        byte[] wire = [(byte)(magic >> 24), (byte)(magic >> 16), (byte)(magic >> 8), (byte)magic, .. new byte[28]];

        var violation = Assert.Throws<ProtocolViolationException>(() => ExtendedRequestHeader.Parse(wire));

        Assert.Contains($"0x{magic:x8}", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLastChunkOfAReply()
    {
        byte[] expected =
        [
            0x6e, 0x8a, 0x27, 0x8c,                         // extended reply magic
            0x00, 0x01,                                     // flags: DONE
            0x00, 0x06,                                     // type: BLOCK_STATUS_EXT
            0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, // cookie
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0x00, // offset of the request
            0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x18, // length of the payload
        ];

        var wire = Dirty(ExtendedReplyHeader.Size);
        new ExtendedReplyHeader(IsDone: true, ReplyChunkType.BlockStatusExt, 0x0123456789abcdef, 0xfffffffffffffe00, 24).Write(wire);

        Assert.Equal(expected, wire);
    }

    [Fact]
    public void AChunkThatOthersFollow()
    {
        var wire = Dirty(ExtendedReplyHeader.Size);
        new ExtendedReplyHeader(IsDone: false, ReplyChunkType.OffsetData, 1, 2, 3).Write(wire);

        Assert.Equal([0x00, 0x00, 0x00, 0x01], wire[4..8]);
    }

    [Fact]
    public void ABlockDescriptor()
    {
        byte[] expected =
        [
            0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, // length
            0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, // state: HOLE, ZERO
        ];

        var wire = Dirty(ExtendedBlockDescriptor.Size);
        new ExtendedBlockDescriptor(0x0100000000000000, ExtentFlags.Hole | ExtentFlags.Zero).Write(wire);

        Assert.Equal(expected, wire);
    }

    [Fact]
    public void APayloadThatNamesAContext()
    {
        byte[] wire =
        [
            0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, // effect length
            0x00, 0x00, 0x00, 0x09,                         // id of a context
        ];

        Assert.True(BlockStatusPayload.TryParse(wire, 9, out var length));
        Assert.Equal(1UL << 40, length);
        Assert.False(BlockStatusPayload.TryParse(wire, 8, out _));
        Assert.False(BlockStatusPayload.TryParse(wire.AsSpan(0, 8), 9, out _));
        Assert.False(BlockStatusPayload.TryParse(wire.AsSpan(0, 11), 9, out _));
    }

    private static byte[] Dirty(int length) => [.. Enumerable.Repeat((byte)0xcc, length)];
}

using SharpNbd.Abstractions;

namespace SharpNbd.Server.Tests;

/// <summary>Every message of the handshake that the server sends, against bytes written from the NBD specification.</summary>
public sealed class HandshakeMessageTests
{
    [Fact]
    public void TheGreeting()
    {
        byte[] expected =
        [
            0x4e, 0x42, 0x44, 0x4d, 0x41, 0x47, 0x49, 0x43, // "NBDMAGIC"
            0x49, 0x48, 0x41, 0x56, 0x45, 0x4f, 0x50, 0x54, // "IHAVEOPT"
            0x00, 0x03,                                     // handshake flags: FIXED_NEWSTYLE, NO_ZEROES
        ];

        var wire = Dirty(Greeting.Size);
        new Greeting(HandshakeFlags.FixedNewstyle | HandshakeFlags.NoZeroes).Write(wire);

        Assert.Equal(expected, wire);
    }

    [Fact]
    public void TheHeaderOfAReplyToAnOption()
    {
        byte[] expected =
        [
            0x00, 0x03, 0xe8, 0x89, 0x04, 0x55, 0x65, 0xa9, // reply magic
            0x00, 0x00, 0x00, 0x07,                         // option: GO
            0x80, 0x00, 0x00, 0x06,                         // reply type: ERR_UNKNOWN
            0x00, 0x01, 0x02, 0x03,                         // length of the data
        ];

        var wire = Dirty(OptionReplyHeader.Size);
        new OptionReplyHeader(OptionCode.Go, OptionReplyCode.ErrUnknown, 0x010203).Write(wire);

        Assert.Equal(expected, wire);
    }

    [Fact]
    public void TheInformationAboutAnExport()
    {
        byte[] expected =
        [
            0x00, 0x00,                                     // information type: EXPORT
            0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, // size
            0x0d, 0xed,                                     // transmission flags
        ];

        var wire = Dirty(ExportInfoItem.Size);
        const TransmissionFlags flags = TransmissionFlags.HasFlags
            | TransmissionFlags.SendFlush
            | TransmissionFlags.SendFua
            | TransmissionFlags.SendTrim
            | TransmissionFlags.SendWriteZeroes
            | TransmissionFlags.SendDf
            | TransmissionFlags.CanMultiConn
            | TransmissionFlags.SendCache
            | TransmissionFlags.SendFastZero;
        new ExportInfoItem(0x0102030405060708, flags).Write(wire);

        Assert.Equal(expected, wire);
    }

    [Fact]
    public void TheInformationAboutBlockSizes()
    {
        byte[] expected =
        [
            0x00, 0x03,             // information type: BLOCK_SIZE
            0x00, 0x00, 0x02, 0x00, // minimum: 512
            0x00, 0x01, 0x00, 0x00, // preferred: 65536
            0x02, 0x00, 0x00, 0x00, // maximum payload: 32 MiB
        ];

        var wire = Dirty(BlockSizeItem.Size);
        new BlockSizeItem(new BlockSize(512, 65536, 32 << 20)).Write(wire);

        Assert.Equal(expected, wire);
    }

    [Fact]
    public void AMaximumPayloadWithoutLimitIsAllOnes()
    {
        var wire = Dirty(BlockSizeItem.Size);
        new BlockSizeItem(new BlockSize(1, 4096, uint.MaxValue)).Write(wire);

        Assert.Equal([0xff, 0xff, 0xff, 0xff], wire[10..]);
    }

    [Fact]
    public void TheAnswerToExportNameWithoutPadding()
    {
        byte[] expected =
        [
            0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, // size: 64 MiB
            0x00, 0x03,                                     // transmission flags: HAS_FLAGS, READ_ONLY
        ];

        var reply = new ExportNameReply(64 << 20, TransmissionFlags.HasFlags | TransmissionFlags.ReadOnly, HasPadding: false);
        Assert.Equal(10, reply.Size);
        var wire = Dirty(reply.Size);
        reply.Write(wire);

        Assert.Equal(expected, wire);
    }

    [Fact]
    public void TheAnswerToExportNameWithPadding()
    {
        byte[] expected =
        [
            0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, // size: 64 MiB
            0x00, 0x01,                                     // transmission flags: HAS_FLAGS
            .. new byte[124],                               // reserved
        ];

        var reply = new ExportNameReply(64 << 20, TransmissionFlags.HasFlags, HasPadding: true);
        Assert.Equal(134, reply.Size);
        var wire = Dirty(reply.Size);
        reply.Write(wire);

        Assert.Equal(expected, wire);
    }

    [Fact]
    public void TheHeaderOfAnOption()
    {
        byte[] wire =
        [
            0x49, 0x48, 0x41, 0x56, 0x45, 0x4f, 0x50, 0x54, // "IHAVEOPT"
            0x00, 0x00, 0x00, 0x06,                         // option: INFO
            0x80, 0x00, 0x00, 0x01,                         // length of the data: unsigned
        ];

        Assert.Equal(new OptionHeader(OptionCode.Info, 0x80000001), OptionHeader.Parse(wire));
    }

    [Fact]
    public void AnOptionWithAWrongMagicIsAViolationThatNamesIt()
    {
        byte[] wire = [.. "IHAVEOPS"u8, 0, 0, 0, 6, 0, 0, 0, 0];

        var violation = Assert.Throws<ProtocolViolationException>(() => OptionHeader.Parse(wire));

        Assert.Contains("0x49484156454f5053", violation.Message, StringComparison.Ordinal);
    }

    // What a message leaves out would show.
    private static byte[] Dirty(int length) => [.. Enumerable.Repeat((byte)0xcc, length)];
}

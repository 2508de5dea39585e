using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Disks whose block sizes a client has to know before it can use them.</summary>
public sealed class BlockSizeRequiredTests
{
    // Larger blocks than the 512 bytes of a client that does not ask, and a smaller maximum than its 32 MiB.
    public static TheoryData<int, int> Unusual => new() { { 4096, 64 << 20 }, { 1, (32 << 20) - 1 }, { 1024, 65536 } };

    [Theory]
    [MemberData(nameof(Unusual))]
    public async Task AClientThatDoesNotAskIsToldToAskAndThenServed(int minimum, int maximum)
    {
        var disk = Disk(minimum, maximum);
        await using var server = new WireServer(disk);
        byte[] sizes = [0, 3, .. Wire.U32(minimum), .. Wire.U32(4096), .. Wire.U32(maximum)];
        var client = server.Connect().Greet();
        foreach (var option in (uint[])[Wire.Info, Wire.Go])
        {
            client.Option(option, Wire.InfoData("", 1, 2))
                .ExpectReply(option, Wire.InfoReply, sizes)
                .ExpectError(option, Wire.ErrBlockSizeReqd, "NBD_INFO_BLOCK_SIZE");
        }

        client.Option(Wire.Go, Wire.InfoData("", 3))
            .ExpectReply(Wire.Go, Wire.InfoReply, [0, 0, .. Wire.U64(1 << 20), 0x0d, 0x6d])
            .ExpectReply(Wire.Go, Wire.InfoReply, sizes)
            .ExpectReply(Wire.Go, Wire.Ack)
            .Request(Wire.Read, 1, 0, 4096).ExpectSimple(1, 0, new byte[4096])
            .Disconnect();
        Assert.Equal(3, disk.CloseCount);
    }

    [Theory]
    [MemberData(nameof(Unusual))]
    public async Task AClientThatUsesExportNameCannotBeToldAndIsDisconnectedWithOneLine(int minimum, int maximum)
    {
        var disk = Disk(minimum, maximum);
        await using var server = new WireServer(disk);
        server.Connect().Greet().Option(Wire.ExportName).ExpectEnd();

        Assert.Contains("EXPORT_NAME cannot be told", server.Log.WaitFor("block sizes"), StringComparison.Ordinal);
        Assert.Single(server.Log.Lines);
        Assert.Equal(1, disk.CloseCount);
    }

    [Fact]
    public async Task WhatAClientKeepsToByItselfNeedsNoQuestion()
    {
        await using var server = new WireServer(Disk(512, 32 << 20));
        server.Connect().OpenSimple().Disconnect();
        server.Connect().Greet().Option(Wire.ExportName).Expect([.. Wire.U64(1 << 20), 0x0d, 0x6d]).Disconnect();
    }

    [Fact]
    public async Task TheMaximumIsThatOfPayloadsWithExtendedHeaders()
    {
        await using var server = new WireServer(Disk(1, 65536));
        server.Connect().Greet().WantExtendedHeaders()
            .Option(Wire.Go, Wire.InfoData("", 3)).Expect([.. Wire.OptionReply(Wire.Go, Wire.InfoReply, [0, 0, .. Wire.U64(1 << 20), 0x0d, 0xed])])
            .ExpectReply(Wire.Go, Wire.InfoReply, [0, 3, .. Wire.U32(1), .. Wire.U32(4096), .. Wire.U32(65536)])
            .ExpectReply(Wire.Go, Wire.Ack)
            .ExtendedRequest(Wire.Read, 1, 0, 65537).ExpectExtendedError(1, 0, Wire.Invalid, "maximum block size")
            .Send(ExtendedWire.RequestWithPayload(Wire.Write, 2, 0, new byte[65536])).ExpectDone(2, 0)
            .ExtendedRequest(Wire.Write, 3, 0, 65537, Wire.PayloadLen).ExpectEnd();

        server.Log.WaitFor("a payload of 65537 bytes, at most 65536");
    }

    [Fact]
    public async Task ExtentsAreToldInWholeBlocks()
    {
        var disk = new RecordingDisk
        {
            OfferedCapabilities = RecordingDisk.Everything with { BlockSize = new BlockSize(512, 4096, 32 << 20) },
            Extents = list =>
            {
                list.Add(list.Next, 1000, ExtentFlags.Hole | ExtentFlags.Zero);
                list.Add(list.Next, 3096, ExtentFlags.Data);
            },
        };
        await using var server = new WireServer(disk);
        server.Connect().OpenStructured()
            .Request(Wire.BlockStatus, 1, 0, 4096).Expect(Wire.Status(1, (512, 3), (3584, 0)))
            .Request(Wire.BlockStatus, 2, 512, 4096).Expect(Wire.Status(2, (512, 3), (3584, 0)))
            .Disconnect();
    }

    private static RecordingDisk Disk(int minimum, int maximum)
        => new() { OfferedCapabilities = RecordingDisk.Everything with { BlockSize = new BlockSize(minimum, 4096, maximum) } };
}

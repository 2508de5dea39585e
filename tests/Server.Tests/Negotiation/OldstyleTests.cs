using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>The handshake before there were options: 152 bytes, then requests.</summary>
public sealed class OldstyleTests
{
    private static readonly NbdServerOptions Oldstyle = WireServer.DefaultOptions with { Handshake = new HandshakeStyle { IsOldstyle = true } };

    [Fact]
    public async Task ItTellsSizeAndFlagsAndServesAtOnce()
    {
        await using var server = new WireServer(new RecordingDisk { Fill = 0x5a }, Oldstyle);

        // No handshake flags above the 16 transmission flags, and no SEND_DF without structured replies.
        server.Connect()
            .Expect([.. "NBDMAGIC"u8, .. Wire.U64(0x0000_4202_8186_1253), .. Wire.U64(1 << 20), .. Wire.U32(0x0d6d), .. new byte[124]])
            .Request(Wire.Read, 1, 0, 3).ExpectSimple(1, 0, 0x5a, 0x5a, 0x5a)
            .Write(2, 0, [1, 2, 3]).ExpectSimple(2)
            .Request(Wire.BlockStatus, 3, 0, 512).ExpectSimple(3, Wire.Invalid)
            .Disconnect();
    }

    [Fact]
    public async Task AReadOnlyExportSaysSo()
    {
        await using var server = new WireServer(new RecordingDisk(), Oldstyle with { ReadOnly = true });

        server.Connect()
            .Expect([.. "NBDMAGIC"u8, .. Wire.U64(0x0000_4202_8186_1253), .. Wire.U64(1 << 20), .. Wire.U32(0x0507), .. new byte[124]])
            .Write(1, 0, [1]).ExpectSimple(1, Wire.NotPermitted)
            .Disconnect();
    }

    [Fact]
    public async Task ADiskThatCannotBeOpenedClosesTheConnectionWithOneLine()
    {
        await using var server = new WireServer(new StaticSource(_ => throw new NbdException(NbdError.EIO, "no disk today")), Oldstyle);

        server.Connect().ExpectEnd();

        server.Log.WaitFor("no disk today");
        Assert.Single(server.Log.Lines);
    }

    [Fact]
    public async Task AClientThatDoesNotReadItIsDisconnectedInTime()
    {
        var time = new ManualTime();
        await using var server = new WireServer(new StaticSource(new RecordingDisk()), Oldstyle, time);
        using var client = server.Connect(roomForReplies: 16);

        await time.WaitForTimersAsync(1);
        time.Advance(Oldstyle.HandshakeWait);

        server.Log.WaitFor("did not finish the handshake in time");
    }
}

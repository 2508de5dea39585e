using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>What goes through an encrypted connection, and how it ends.</summary>
public sealed class TlsTransportTests
{
    private const int Length = 1 << 20;

    [Fact]
    public async Task TheEndIsSaidSoThatItCannotBeTakenForACut()
    {
        await using var tls = new TlsWireServer();
        var seen = new RecordCounter(tls.Server.ConnectSocket());
        var client = new WireClient(seen).Greet().StartTls(connection =>
        {
            seen.Begin();
            return TlsWireServer.Encrypt(connection);
        }).Go();
        var before = seen.Records;

        client.Disconnect();

        // One more record of the server than before, and then the end of the stream: its close_notify.
        Assert.Equal(before + 1, seen.Records);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AClientThatReadsLateGetsEverything(bool completesAtOnce)
    {
        var disk = new RecordingDisk(1L << 30) { CompletesAtOnce = completesAtOnce, Fill = 0x55 };
        await using var tls = new TlsWireServer(source: new StaticSource(disk));
        var client = tls.Server.ConnectOverSocket().Greet().StartTls(TlsWireServer.Encrypt).Go();
        for (ulong cookie = 0; cookie < 10; cookie++)
        {
            client.Request(Wire.Read, cookie, 0, Length);
        }

        for (var i = 0; i < 10 && !completesAtOnce; i++)
        {
            // Nobody waits for the client here: each returns although none of the replies fits.
            (await disk.NextCallAsync()).Complete();
        }

        for (ulong cookie = 0; cookie < 10; cookie++)
        {
            Assert.Equal([.. Wire.U32(0x67446698), .. Wire.U32(0)], client.Receive(16)[..8]);
            Assert.Equal(-1, client.Receive(Length).AsSpan().IndexOfAnyExcept((byte)0x55));
        }

        client.Disconnect();
    }

    [Fact]
    public async Task AClientThatNeverReadsHoldsUpNeitherOthersNorTheStop()
    {
        var disk = new RecordingDisk(1L << 30) { CompletesAtOnce = false };
        await using var tls = new TlsWireServer(
            source: new StaticSource(disk), options: options => options with { StopGrace = TimeSpan.FromMilliseconds(50) });
        var stuck = tls.Server.ConnectOverSocket().Greet().StartTls(TlsWireServer.Encrypt).Go();
        for (ulong cookie = 0; cookie < 8; cookie++)
        {
            stuck.Request(Wire.Read, cookie, 0, Length);
            (await disk.NextCallAsync()).Complete();
        }

        var other = tls.Server.ConnectOverSocket().Greet().StartTls(TlsWireServer.Encrypt).Go().Request(Wire.Read, 99, 0, 512);
        (await disk.NextCallAsync()).Complete();

        other.ExpectSimple(99, 0, new byte[512]).Disconnect();
        await tls.Server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, disk.CloseCount);
    }

    [Fact]
    public async Task AClientThatDoesNotTakeTheGoodbyeIsCutInTime()
    {
        const int Room = 4096;
        const int ReplyHeader = 16;
        const int RecordOverhead = 22;
        var time = new ManualTime();
        await using var tls = new TlsWireServer(time: time);
        tls.Server.Log.Minimum = Microsoft.Extensions.Logging.LogLevel.Debug;

        // A first reply shows that the handshake is over, and its timer with it. The second one still fits, but nothing behind it.
        var client = tls.Server.Connect(Room).Greet().StartTls(TlsWireServer.Encrypt).Go();
        client.Request(Wire.Read, 0, 0, 1).ExpectSimple(0, 0, TlsWireServer.Fill);
        client.Request(Wire.Read, 1, 0, Room - ReplyHeader - RecordOverhead - 10).Request(Wire.Disconnect, 0, 0, 0);
        await time.WaitForTimersAsync(1).WaitAsync(TimeSpan.FromSeconds(30));
        time.Advance(WireServer.DefaultOptions.HandshakeWait);

        tls.Server.Log.WaitFor("closed");
    }

    [Fact]
    public async Task AStopLetsWhatIsUnderWayFinish()
    {
        var disk = new RecordingDisk { CompletesAtOnce = false };
        await using var tls = new TlsWireServer(source: new StaticSource(disk));
        var client = tls.Server.ConnectOverSocket().Greet().StartTls(TlsWireServer.Encrypt).Go().Request(Wire.Read, 1, 0, 4);
        var call = await disk.NextCallAsync();

        var stop = tls.Server.StopAsync();
        call.Complete();

        client.ExpectSimple(1, 0, 0, 0, 0, 0).ExpectEnd();
        await stop.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task AForgedRecordEndsTheConnectionAndNothingOfItIsDone()
    {
        var disk = new RecordingDisk();
        await using var tls = new TlsWireServer(source: new StaticSource(disk));
        var socket = tls.Server.ConnectOverSocket();
        socket.Greet().StartTls(TlsWireServer.Encrypt).Go();

        socket.Send([23, 3, 3, 0, 64, .. new byte[64]]).ReceiveToEnd();

        tls.Server.Log.WaitFor("left without NBD_CMD_DISC");
        Assert.Empty(disk.Calls);
    }
}

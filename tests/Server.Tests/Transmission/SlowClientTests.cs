using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Clients that read their replies late or never.</summary>
public sealed class SlowClientTests
{
    private const int Length = 1 << 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OneThatReadsLateGetsEverything(bool completesAtOnce)
    {
        var disk = new RecordingDisk(1L << 30) { CompletesAtOnce = completesAtOnce, Fill = 0x77 };
        await using var server = new WireServer(disk);
        var client = server.ConnectOverSocket().OpenSimple();
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
            var header = client.Receive(16);
            Assert.Equal([.. Wire.U32(0x67446698), .. Wire.U32(0)], header[..8]);
            Assert.Equal(-1, client.Receive(Length).AsSpan().IndexOfAnyExcept((byte)0x77));
        }

        client.Disconnect();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task OneThatNeverReadsHoldsUpNeitherOthersNorTheStop(bool isSocket, bool completesAtOnce)
    {
        var disk = new RecordingDisk(1L << 30) { CompletesAtOnce = completesAtOnce };
        await using var server = new WireServer(new StaticSource(disk), WireServer.DefaultOptions with { StopGrace = TimeSpan.FromMilliseconds(50) });
        var stuck = (isSocket ? server.ConnectOverSocket() : server.Connect(65536)).OpenSimple();
        for (ulong cookie = 0; cookie < 8; cookie++)
        {
            stuck.Request(Wire.Read, cookie, 0, Length);
            if (!completesAtOnce)
            {
                (await disk.NextCallAsync()).Complete();
            }
        }

        // The first bytes are on their way, so the server is stuck with the rest.
        stuck.Receive(16);
        var other = (isSocket ? server.ConnectOverSocket() : server.Connect()).OpenSimple().Request(Wire.Read, 99, 0, Length);
        if (!completesAtOnce)
        {
            (await disk.NextCallAsync()).Complete();
        }

        other.ExpectSimple(99, 0, new byte[Length]).Disconnect();
        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, disk.CloseCount);
        Assert.Contains("1 connections did not end in time", server.Log.WaitFor("cut"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OneThatGoesInsteadOfReadingIsForgotten(bool completesAtOnce)
    {
        var disk = new RecordingDisk(1L << 30) { CompletesAtOnce = completesAtOnce };
        await using var server = new WireServer(new StaticSource(disk));
        using (var socket = server.ConnectSocket())
        {
            var client = new WireClient(new System.Net.Sockets.NetworkStream(socket)).OpenSimple();
            for (ulong cookie = 0; cookie < 8; cookie++)
            {
                client.Request(Wire.Read, cookie, 0, Length);
                if (!completesAtOnce)
                {
                    (await disk.NextCallAsync()).Complete();
                }
            }

            client.Receive(16);
        }

        server.Log.WaitFor("left without NBD_CMD_DISC");
        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, disk.CloseCount);
        Assert.Single(server.Log.Lines);
    }

    [Fact]
    public async Task WhatOneThatIsGoneHadAskedForIsNotRead()
    {
        const int Reads = 64;
        var disk = new RecordingDisk(1L << 30);
        await using var server = new WireServer(new StaticSource(disk));
        using (var socket = server.ConnectSocket())
        {
            var client = new WireClient(new System.Net.Sockets.NetworkStream(socket)).OpenSimple();
            var reads = Enumerable.Range(0, Reads).SelectMany(cookie => Wire.Request(Wire.Read, (ulong)cookie, 0, Length));
            client.Send([.. reads, .. Wire.WriteRequest(Reads, 0, [1])]);
            client.Receive(16);
        }

        server.Log.WaitFor("left without NBD_CMD_DISC");
        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(disk.Calls.Count(call => call.Operation == DiskOperation.Read), 1, Reads / 2);
        Assert.Single(disk.Calls, call => call.Operation == DiskOperation.Write);
    }
}

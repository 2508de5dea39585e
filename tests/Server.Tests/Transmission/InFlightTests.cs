using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Requests that the disk does not answer at once: any order, up to a limit, and never in each other's way.</summary>
public sealed class InFlightTests
{
    private readonly RecordingDisk _disk = new(1L << 30) { CompletesAtOnce = false };

    [Fact]
    public async Task RepliesLeaveInTheOrderInWhichTheDiskFinishes()
    {
        await using var server = new WireServer(_disk);
        var client = server.Connect().OpenSimple();
        for (ulong cookie = 0; cookie < 3; cookie++)
        {
            client.Request(Wire.Read, cookie, cookie, 1);
        }

        var calls = await NextCallsAsync(3);
        calls[2].Complete();
        client.ExpectSimple(2, 0, 0);
        calls[0].Complete();
        client.ExpectSimple(0, 0, 0);
        calls[1].Complete();
        client.ExpectSimple(1, 0, 0).Disconnect();
    }

    [Fact]
    public async Task APendingRequestDoesNotHoldUpAFinishedOneBehindIt()
    {
        var pending = new RecordingDisk { CompletesAtOnce = false };
        await using var server = new WireServer(new ReadsPendDisk(pending));
        var client = server.Connect().OpenSimple()
            .Send([.. Wire.Request(Wire.Read, 1, 0, 1), .. Wire.Request(Wire.Flush, 2, 0, 0)])
            .ExpectSimple(2);

        (await pending.NextCallAsync()).Complete();
        client.ExpectSimple(1, 0, 0).Disconnect();
    }

    [Fact]
    public async Task TheDataOfAPendingWriteStaysWhileOthersArrive()
    {
        await using var server = new WireServer(_disk);
        var client = server.Connect().OpenSimple();
        for (byte i = 0; i < 10; i++)
        {
            client.Write(i, i, Wire.Filled(5000, i));
        }

        var calls = await NextCallsAsync(10);
        for (byte i = 0; i < 10; i++)
        {
            Assert.Equal(Wire.Filled(5000, i), calls[i].Data);
            calls[i].Complete();
            client.ExpectSimple(i);
        }

        client.Disconnect();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    public async Task NoMoreThanTheLimitReachTheDiskAtOnce(int limit)
    {
        await using var server = new WireServer(_disk, WireServer.DefaultOptions with { RequestsPerConnection = limit });
        var client = server.Connect().OpenSimple();
        for (var i = 0; i < limit + 5; i++)
        {
            client.Request(Wire.Read, (ulong)i, 0, 1);
        }

        var calls = new Queue<DiskCall>(await NextCallsAsync(limit));
        for (var i = 0; i < limit + 5; i++)
        {
            // The one that would be too many comes only when the reply to another has been sent.
            Assert.Equal(Math.Min(limit + i, limit + 5), _disk.Calls.Count);
            calls.Dequeue().Complete();
            client.ExpectSimple((ulong)i, 0, 0);
            if (i < 5)
            {
                calls.Enqueue(await _disk.NextCallAsync());
            }
        }

        client.Disconnect();
    }

    [Fact]
    public async Task TheLimitIsPerConnection()
    {
        await using var server = new WireServer(_disk, WireServer.DefaultOptions with { RequestsPerConnection = 1 });
        var first = server.Connect().OpenSimple().Request(Wire.Read, 1, 0, 1);
        var second = server.Connect().OpenSimple().Request(Wire.Read, 2, 0, 1);
        foreach (var call in await NextCallsAsync(2))
        {
            call.Complete();
        }

        first.ExpectSimple(1, 0, 0).Disconnect();
        second.ExpectSimple(2, 0, 0).Disconnect();
    }

    [Fact]
    public async Task DisconnectWaitsForWhatIsInFlight()
    {
        await using var server = new WireServer(_disk);
        var client = server.Connect().OpenSimple()
            .Write(1, 0, [1]).Request(Wire.Flush, 2, 0, 0).Request(Wire.Disconnect, 3, 0, 0);

        var calls = await NextCallsAsync(2);
        Assert.Equal(0, _disk.CloseCount);
        calls[1].Complete();
        client.ExpectSimple(2);
        Assert.Equal(0, _disk.CloseCount);
        Assert.False(calls[0].CancellationToken.IsCancellationRequested);
        calls[0].Complete();

        client.ExpectSimple(1).ExpectEnd();
        Assert.Equal(1, _disk.CloseCount);
    }

    [Fact]
    public async Task WhatComesBehindDisconnectIsNotServed()
    {
        await using var server = new WireServer(new RecordingDisk());
        server.Connect().OpenSimple()
            .Send([.. Wire.Request(Wire.Disconnect, 1, 0, 0), .. Wire.Request(Wire.Read, 2, 0, 1)])
            .ExpectEnd();
    }

    [Fact]
    public async Task AClientThatGoesCancelsWhatIsInFlightAndTheDiskIsClosedBehindIt()
    {
        await using var server = new WireServer(_disk);
        var client = server.Connect().OpenSimple().Request(Wire.Read, 1, 0, 1);
        var call = await _disk.NextCallAsync();
        var cancelled = new TaskCompletionSource();
        call.CancellationToken.Register(cancelled.SetResult);

        client.Dispose();
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, _disk.CloseCount);
        call.Fail(new OperationCanceledException());

        await server.DisposeAsync();
        Assert.Equal(1, _disk.CloseCount);
    }

    [Fact]
    public async Task HalfOfAWriteThatNeverArrivesIsOneLineAndNoCall()
    {
        await using var server = new WireServer(_disk);
        server.Connect().OpenSimple().Send([.. Wire.Request(Wire.Write, 1, 0, 100_000), .. new byte[99_999]]).Dispose();

        server.Log.WaitFor("Write of 100000 bytes at 0 was cut off");
        await server.DisposeAsync();
        Assert.Single(server.Log.Lines);
        Assert.Empty(_disk.Calls);
    }

    [Fact]
    public async Task HalfOfARequestIsOneLineAndNoCall()
    {
        await using var server = new WireServer(_disk);
        server.Connect().OpenSimple().Send(Wire.Request(Wire.Write, 1, 0, 1)[..27]).Dispose();

        server.Log.WaitFor("left without NBD_CMD_DISC");
        await server.DisposeAsync();
        Assert.Single(server.Log.Lines);
        Assert.Empty(_disk.Calls);
    }

    [Fact]
    public async Task TheMemoryOfRequestsInFlightIsBoundedAndFreedMemoryIsUsedAgain()
    {
        // 128 MiB are allowed, twice the longest read.
        await using var server = new WireServer(_disk);
        var client = server.Connect(128 << 20).OpenSimple();
        for (ulong cookie = 0; cookie < 4; cookie++)
        {
            client.Request(Wire.Read, cookie, 0, 64 << 20);
        }

        var calls = new Queue<DiskCall>(await NextCallsAsync(2));
        for (ulong cookie = 0; cookie < 4; cookie++)
        {
            Assert.Equal((int)Math.Min(2 + cookie, 4), _disk.Calls.Count);
            calls.Dequeue().Complete();
            client.ExpectSimple(cookie).Receive(64 << 20);
            if (cookie < 2)
            {
                calls.Enqueue(await _disk.NextCallAsync());
            }
        }

        client.Disconnect();
    }

    private async Task<List<DiskCall>> NextCallsAsync(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var calls = new List<DiskCall>();
        while (calls.Count < count)
        {
            calls.Add(await _disk.NextCallAsync(patience.Token));
        }

        return calls;
    }
}

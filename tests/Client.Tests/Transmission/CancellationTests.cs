using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Client.Tests;

public sealed class CancellationTests : IDisposable
{
    private const ulong First = 1UL << 32;
    private const ulong Second = (1UL << 32) | 1;
    private const ulong Again = (2UL << 32) | 1;

    private readonly ScriptedServer _server = new();
    private readonly CancellationTokenSource _cancellation = new();

    public void Dispose()
    {
        _cancellation.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task TheReplyToAReadThatWasGivenUpTouchesNothing()
    {
        var (client, server) = await _server.OpenAsync();
        byte[] given = new byte[20_000], kept = new byte[1];
        var givenUp = client.ReadAsync(0, given, cancellationToken: _cancellation.Token);
        var other = client.ReadAsync(0, kept);
        server.Receive(56);

        await _cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp.AsTask());

        server.Send(Wire.OffsetData(First, 0, Wire.Filled(20_000, 0xee))).Send(Wire.OffsetData(Second, 0, [1]));
        await other;
        Assert.All(given, value => Assert.Equal(0, value));

        // The places of both requests are free again.
        var again = client.ReadAsync(0, kept);
        server.Expect(Wire.Request(Wire.Read, Again, 0, 1)).Send(Wire.OffsetData(Again, 0, [2]));
        await again;
        await client.DisposeAsync();
    }

    [Fact]
    public async Task AReadIsNotGivenUpWhileItsBytesArrive()
    {
        var (client, server) = await _server.OpenAsync();
        var given = new byte[100_000];
        var read = client.ReadAsync(0, given, cancellationToken: _cancellation.Token).AsTask();
        var extents = new ExtentList(new ByteRange(0, 10));
        var asking = client.GetExtentsAsync(extents.Range, extents).AsTask();
        server.Receive(56);
        var reply = Wire.OffsetData(First, 0, Wire.Filled(100_000, 0xee));

        // The other's reply is in front of it: once that is there, the first bytes of the read may be as well, or not.
        server.Send([.. Wire.LastChunk(Wire.BlockStatusChunk, Second, [.. Wire.U32(ScriptedServer.Context), .. Wire.U32(10), .. Wire.U32(0)]), .. reply[..50_000]]);
        await asking;
        await _cancellation.CancelAsync();
        server.Send(reply[50_000..]);

        // Either it was given up before its first byte, and no byte was touched; or all of them are there.
        try
        {
            await read;
            Assert.All(given, value => Assert.Equal(0xee, value));
        }
        catch (OperationCanceledException)
        {
            Assert.True(given.All(value => value == 0) || given.All(value => value == 0xee));
        }

        await client.DisposeAsync();
    }

    [Fact]
    public async Task ARequestThatNobodyWantsAnyMoreIsNotSent()
    {
        var (client, server) = await _server.OpenAsync();
        await _cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.FlushAsync(cancellationToken: _cancellation.Token).AsTask());

        var closing = client.DisposeAsync();
        server.Expect(Wire.Request(Wire.Disconnect, 0, 0, 0));
        await closing;
    }

    [Fact]
    public async Task ClosingFailsWhatIsInFlight()
    {
        var (client, server) = await _server.OpenAsync();
        var read = client.ReadAsync(0, new byte[10]).AsTask();
        server.Receive(28);

        await client.DisposeAsync();

        Assert.Contains("closed", (await Assert.ThrowsAsync<NbdConnectionException>(() => read)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerThatDiesFailsWhatIsInFlight()
    {
        var (client, server) = await _server.OpenAsync();
        var write = client.WriteAsync(0, new byte[10]).AsTask();
        var read = client.ReadAsync(0, new byte[10]).AsTask();
        server.Receive(28 + 10 + 28);

        server.Dispose();

        await Assert.ThrowsAsync<NbdConnectionException>(() => write);
        await Assert.ThrowsAsync<NbdConnectionException>(() => read);
        await client.DisposeAsync();
    }
}

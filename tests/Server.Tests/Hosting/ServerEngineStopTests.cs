using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Stopping a server: what is under way finishes, what comes later is refused, and everything is closed.</summary>
public sealed class ServerEngineStopTests
{
    private readonly RecordingDisk _disk = new() { CompletesAtOnce = false };

    [Fact]
    public async Task RequestsInFlightFinishAndLaterOnesAreRefused()
    {
        var source = new StaticSource(_disk);
        await using var server = new WireServer(source, WireServer.DefaultOptions with { RequestsPerConnection = 1 });
        var client = server.ConnectOverSocket().OpenSimple().Send([
            .. Wire.WriteRequest(1, 0, [7]), .. Wire.Request(Wire.Read, 2, 0, 1), .. Wire.WriteRequest(3, 0, [8])]);
        var call = await _disk.NextCallAsync();

        var stop = server.StopAsync();
        Assert.False(stop.IsCompleted);
        Assert.False(call.CancellationToken.IsCancellationRequested);
        call.Complete();

        client.ExpectSimple(1).ExpectSimple(2, Wire.Shutdown).ExpectSimple(3, Wire.Shutdown).ExpectEnd();
        await stop.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((1, 1), (_disk.CloseCount, source.CloseCount));
        Assert.Equal([7], Assert.Single(_disk.Calls).Data);
        Assert.Empty(server.Log.Lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task IdleClientsAreDisconnectedAtOnceAndWithoutALine(bool isSocket)
    {
        await using var server = new WireServer(new StaticSource(new RecordingDisk()));
        WireClient[] clients =
        [
            Connect().Expect(Wire.Greeting()),
            Connect().Greet(),
            Connect().Greet().Send([.. "IHAVE"u8]),
            Connect().OpenSimple(),
            Connect().OpenStructured().Request(Wire.Read, 1, 0, 1).Expect(Wire.OffsetData(1, 0, [0])),
        ];

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.All(clients, client => client.ExpectEnd());
        Assert.Empty(server.Log.Lines);

        WireClient Connect() => isSocket ? server.ConnectOverSocket() : server.Connect();
    }

    [Fact]
    public async Task ARequestThatDoesNotEndIsCancelledWhenTheGraceIsOver()
    {
        var source = new StaticSource(_disk);
        await using var server = new WireServer(source, WireServer.DefaultOptions with { StopGrace = TimeSpan.FromMilliseconds(50) });
        var client = server.ConnectOverSocket().OpenSimple().Request(Wire.Read, 1, 0, 1);
        var call = await _disk.NextCallAsync();
        call.CancellationToken.Register(() => call.Fail(new OperationCanceledException()));

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

        client.ExpectEnd();
        Assert.Equal((1, 1), (_disk.CloseCount, source.CloseCount));
    }

    [Fact]
    public async Task ADiskThatNeverComesBackIsLeftBehindAndNotPulledAwayUnderItsRequest()
    {
        var source = new StaticSource(_disk);
        await using var server = new WireServer(source, WireServer.DefaultOptions with { StopGrace = TimeSpan.FromMilliseconds(50) });
        server.ConnectOverSocket().OpenSimple().Request(Wire.Read, 1, 0, 1);
        var call = await _disk.NextCallAsync();

        await server.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((0, 0), (_disk.CloseCount, source.CloseCount));
        call.Complete();
    }

    [Fact]
    public async Task AConnectionThatComesLaterIsClosedWithoutAWord()
    {
        await using var server = new WireServer(new StaticSource(_disk));
        await server.StopAsync();

        server.Connect().ExpectEnd();
        server.ConnectOverSocket().ExpectEnd();
    }

    [Fact]
    public async Task StoppingTwiceIsStoppingOnce()
    {
        var source = new StaticSource(_disk);
        await using var server = new WireServer(source);

        await Task.WhenAll(server.StopAsync(), server.StopAsync());
        await server.DisposeAsync();

        Assert.Equal(1, source.CloseCount);
    }
}

using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>A client has ten seconds for the handshake, whatever it does with them.</summary>
public sealed class HandshakeDeadlineTests
{
    private static readonly TimeSpan Limit = WireServer.DefaultOptions.HandshakeWait;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task AClientThatSaysNothingIsDisconnectedWithOneLine()
    {
        await using var server = new WireServer(new StaticSource(new RecordingDisk()), time: _time);
        using var client = server.Connect().Expect(Wire.Greeting());

        await _time.WaitForTimersAsync(1);
        _time.Advance(Limit);

        client.ExpectEnd();
        Assert.Contains("did not finish the handshake in time", server.Log.WaitFor("pipe"), StringComparison.Ordinal);
        Assert.Single(server.Log.Lines);
    }

    [Fact]
    public async Task AClientThatSaysNothingOverASocketIsDisconnectedToo()
    {
        await using var server = new WireServer(new StaticSource(new RecordingDisk()), time: _time);
        using var client = server.ConnectOverSocket().Expect(Wire.Greeting());

        await _time.WaitForTimersAsync(1);
        _time.Advance(Limit);

        client.ExpectEnd();
        Assert.Contains("did not finish the handshake in time", server.Log.WaitFor("Unix socket"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyShortWaitsCountTogether()
    {
        await using var server = new WireServer(new StaticSource(new RecordingDisk()), time: _time);
        using var client = server.Connect().Greet();
        for (var i = 0; i < 9; i++)
        {
            // Half an option, a second of silence, and the other half.
            client.Send("IHAVE"u8.ToArray());
            await _time.WaitForTimersAsync(1);
            _time.Advance(TimeSpan.FromSeconds(1));
            client.Send([.. "OPT"u8, .. Wire.U32(Wire.List), .. Wire.U32(0)]);
            client.ExpectReply(Wire.List, Wire.ServerReply, 0, 0, 0, 0).ExpectReply(Wire.List, Wire.Ack);
        }

        await _time.WaitForTimersAsync(1);
        _time.Advance(TimeSpan.FromSeconds(1));

        client.ExpectEnd();
    }

    [Fact]
    public async Task AClientThatNeverFinishesTheDataOfAnOptionIsDisconnected()
    {
        await using var server = new WireServer(new StaticSource(new RecordingDisk()), time: _time);
        using var client = server.Connect().Greet().Send([.. "IHAVEOPT"u8, .. Wire.U32(Wire.Go), .. Wire.U32(100), .. new byte[99]]);

        // The wait that shows may still be the one for the option's header, which ends; then the next one is moved past its end.
        var end = Task.Run(() => client.ExpectEnd(), TestContext.Current.CancellationToken);
        while (!end.IsCompleted)
        {
            await Task.WhenAny(end, _time.WaitForTimersAsync(1));
            _time.Advance(Limit);
        }

        await end;
    }

    [Fact]
    public async Task AClientThatNeverReadsTheRepliesIsDisconnected()
    {
        // Far more than the client lets the server send ahead.
        var exports = Enumerable.Range(0, 100).Select(i => new ExportInfo($"export {i}", new string('x', 1000))).ToArray();
        await using var server = new WireServer(new StaticSource(new RecordingDisk()) { Exports = exports }, time: _time);
        using var client = server.Connect(roomForReplies: 4096).Greet().Option(Wire.List);

        // The first byte of the list has come, so the server waits for room for the rest.
        client.Receive(1);
        await _time.WaitForTimersAsync(1).WaitAsync(TimeSpan.FromSeconds(30));
        _time.Advance(Limit);

        Assert.Contains("did not finish the handshake in time", server.Log.WaitFor("pipe"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheTransmissionPhaseHasNoDeadline()
    {
        await using var server = new WireServer(new StaticSource(new RecordingDisk()), time: _time);
        using var client = server.Connect().OpenSimple().Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, 0);

        _time.Advance(Limit * 2);

        client.Request(Wire.Read, 2, 0, 1).ExpectSimple(2, 0, 0).Disconnect();
    }

    [Fact]
    public async Task JustInTimeIsInTime()
    {
        await using var server = new WireServer(new StaticSource(new RecordingDisk()), time: _time);
        using var client = server.Connect().Expect(Wire.Greeting());

        await _time.WaitForTimersAsync(1);
        _time.Advance(Limit - Moment);

        client.Send(Wire.U32(3)).Go().Disconnect();
    }
}

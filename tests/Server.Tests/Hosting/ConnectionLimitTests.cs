using System.Net.Sockets;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Bounds that hold for all clients together, and the one line that tells of each.</summary>
public sealed class ConnectionLimitTests
{
    private const int Large = 32 << 20;

    [Fact]
    public async Task OneConnectionTooManyIsClosedAndTheOthersAreServed()
    {
        await using var server = new WireServer(new RecordingDisk(), WireServer.DefaultOptions with { MaximumConnections = 2 });
        using var first = server.Connect().OpenSimple();
        var second = server.Connect().Expect(Wire.Greeting());

        server.Connect().ExpectEnd();
        server.Connect().ExpectEnd();

        Assert.Contains("2 connections are all", server.Log.WaitFor("turned away"), StringComparison.Ordinal);
        Assert.Single(server.Log.Lines);
        first.Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, 0);

        // There is room again when one has gone.
        second.Send(Wire.U32(3)).Option(Wire.Abort).ExpectReply(Wire.Abort, Wire.Ack).ExpectEnd();
        await ServeWhenThereIsRoomAsync(server);
    }

    [Fact]
    public async Task AnOptionThatIsTooLongIsLoggedOnceWithThePeer()
    {
        await using var server = new WireServer(new RecordingDisk());
        var client = server.Connect().Greet();
        for (var i = 0; i < 3; i++)
        {
            client.Option(Wire.Info, new byte[65_537]).ExpectError(Wire.Info, Wire.ErrTooBig);
        }

        client.Go().Disconnect();

        Assert.Contains("the client at pipe was refused: Info with 65537 bytes", Assert.Single(server.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARequestThatIsTooLongIsLoggedOnceWithThePeer()
    {
        await using var server = new WireServer(new RecordingDisk(1L << 30));
        server.Connect().OpenSimple()
            .Request(Wire.Read, 1, 0, (64 << 20) + 1).ExpectSimple(1, Wire.NoMemory)
            .Request(Wire.Read, 2, 0, (64 << 20) + 1).ExpectSimple(2, Wire.NoMemory)
            .Disconnect();

        Assert.Contains("refused to the client at pipe: ENOMEM", Assert.Single(server.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoLeavesRepliesUnreadLosesTheirMemoryToWhoWaitsForIt()
    {
        var options = WireServer.DefaultOptions with { MaximumMemory = Large, UnreadWait = TimeSpan.FromSeconds(1) };
        await using var server = new WireServer(new RecordingDisk(1L << 30), options);
        var deaf = server.ConnectOverSocket().OpenSimple().Request(Wire.Read, 1, 0, Large);

        // The first bytes are on their way: the whole reply lies in memory, and nearly all of it stays there.
        deaf.Receive(16);
        using var reader = server.ConnectOverSocket().OpenSimple();
        reader.Request(Wire.Read, 2, 0, Large).ExpectSimple(2, 0, new byte[Large]).Disconnect();

        var line = server.Log.WaitFor("unread");
        Assert.Contains("28 MiB of replies unread", line, StringComparison.Ordinal);
        deaf.ReceiveToEnd();
    }

    [Fact]
    public async Task WhileNobodyWaitsForMemoryRepliesMayStayUnread()
    {
        var options = WireServer.DefaultOptions with { MaximumMemory = 2L * Large, UnreadWait = TimeSpan.Zero };
        await using var server = new WireServer(new RecordingDisk(1L << 30), options);
        var late = server.ConnectOverSocket().OpenSimple().Request(Wire.Read, 1, 0, Large);
        late.Receive(8);

        using (var reader = server.ConnectOverSocket().OpenSimple())
        {
            reader.Request(Wire.Read, 2, 0, Large).ExpectSimple(2, 0, new byte[Large]).Disconnect();
        }

        Assert.Equal(Wire.U64(1), late.Receive(8));
        Assert.Equal(Large, late.Receive(Large).Length);
        late.Disconnect();
        Assert.Empty(server.Log.Lines);
    }

    private static async Task ServeWhenThereIsRoomAsync(WireServer server)
    {
        // The connection is counted until its thread has ended, a moment after its last byte.
        while (true)
        {
            using var client = new NetworkStream(server.ConnectSocket(), ownsSocket: true);
            if (await client.ReadAsync(new byte[1]) == 1)
            {
                return;
            }
        }
    }
}

using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Slow requests and slow clients hold up nobody else; shown by the order of replies, never by a clock.</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task AFastRequestOvertakesASlowOneOfTheSameConnection()
    {
        await using var server = await SharpNbdProgram.StartAsync("--filter=delay", "memory", "1M", "rdelay=1500ms");
        using var client = RawClient.Open(server.SocketPath);

        client.Send(RawClient.Read, cookie: 1, 0, 512);
        client.SendWrite(cookie: 2, 4096, new byte[512]);

        Assert.Equal(2u, client.Receive().Cookie);
        var slow = client.Receive();
        Assert.Equal(1u, slow.Cookie);
        Assert.Equal(new byte[512], slow.Data);
    }

    [Fact]
    public async Task WithOneThreadRequestsAreServedInOrder()
    {
        await using var server = await SharpNbdProgram.StartAsync("-t", "1", "--filter=delay", "memory", "1M", "rdelay=500ms");
        using var client = RawClient.Open(server.SocketPath);

        client.Send(RawClient.Read, cookie: 1, 0, 512);
        client.SendWrite(cookie: 2, 4096, new byte[512]);

        Assert.Equal(1u, client.Receive().Cookie);
        Assert.Equal(2u, client.Receive().Cookie);
    }

    [Fact]
    public async Task ASlowRequestOfOneConnectionDoesNotHoldUpAnother()
    {
        await using var server = await SharpNbdProgram.StartAsync("--filter=delay", "memory", "1M", "rdelay=1500ms");
        using var slow = RawClient.Open(server.SocketPath);
        using var fast = RawClient.Open(server.SocketPath);

        slow.Send(RawClient.Read, cookie: 1, 0, 512);
        fast.SendWrite(cookie: 2, 4096, new byte[512]);

        Assert.Equal(2u, fast.Receive().Cookie);
        Assert.False(slow.HasReply);
        Assert.Equal(1u, slow.Receive().Cookie);
    }

    [Fact]
    public async Task AClientThatReadsNoRepliesDoesNotHoldUpAnother()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "64M");
        using var deaf = RawClient.Open(server.SocketPath);
        for (ulong cookie = 0; cookie < 16; cookie++)
        {
            deaf.Send(RawClient.Read, cookie, 0, 32 << 20);
        }

        using var other = RawClient.Open(server.SocketPath);
        for (ulong offset = 0; offset < 64; offset++)
        {
            Assert.Equal(new byte[4096], other.Ask(RawClient.Read, offset << 20, 4096).Data);
        }

        for (ulong cookie = 0; cookie < 16; cookie++)
        {
            Assert.Equal(32 << 20, deaf.Receive().Data.Length);
        }
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("file")]
    public async Task ManyClientsAtOnceEachReadWhatTheyWrote(string kind)
    {
        const int Clients = 24;
        const int Area = 1 << 20;
        await using var server = await DiskServer.StartAsync(kind, Clients * Area);
        var path = server.Program.SocketPath;

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(
            number => Task.Factory.StartNew(() => Exercise(path, number, Area), TaskCreationOptions.LongRunning)));

        using var last = RawClient.Open(path);
        for (var number = 0; number < Clients; number++)
        {
            var data = last.Ask(RawClient.Read, (ulong)number * Area, Area).Data;
            Assert.True(data.AsSpan().IndexOfAnyExcept((byte)(number + 1)) < 0, $"area {number} holds something else");
        }
    }

    // Writes an area in pieces with several requests in flight, in an order of its own, and reads it back.
    private static void Exercise(string path, int number, int area)
    {
        const int Piece = 32 << 10;
        const int InFlight = 8;
        using var client = RawClient.Open(path);
        var value = (byte)(number + 1);
        var data = new byte[Piece];
        Array.Fill(data, value);
        var pieces = Enumerable.Range(0, area / Piece).ToArray();
        new Random(number).Shuffle(pieces);

        foreach (var batch in pieces.Chunk(InFlight))
        {
            foreach (var piece in batch)
            {
                client.SendWrite((ulong)piece, (ulong)((number * area) + (piece * Piece)), data);
            }

            var answered = batch.Select(_ => client.Receive()).ToList();
            Assert.All(answered, reply => Assert.Equal(0u, reply.Error));
            Assert.Equal(batch.Select(piece => (ulong)piece).Order(), answered.Select(reply => reply.Cookie).Order());
        }

        foreach (var batch in pieces.Chunk(InFlight))
        {
            foreach (var piece in batch)
            {
                client.Send(RawClient.Read, (ulong)piece, (ulong)((number * area) + (piece * Piece)), Piece);
            }

            Assert.All(batch.Select(_ => client.Receive()).ToList(), reply => Assert.Equal(data, reply.Data));
        }
    }
}

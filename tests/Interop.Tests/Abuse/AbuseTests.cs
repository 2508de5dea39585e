using System.Net.Sockets;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>
/// Clients that mean harm. Whatever they do, memory stays bounded, nothing is left of them, and a client beside them sees no change.
/// </summary>
public sealed class AbuseTests(ITestOutputHelper output)
{
    /// <summary>What a misused server may hold on to beyond what it had: heaps do not shrink at once.</summary>
    private const long KeptKibibytes = 96 << 10;

    [Fact]
    public async Task TwoHundredHalfOpenHandshakes()
        => await AbuseAsync(["--timeout=1", "memory", "16M"], async server =>
        {
            var silent = Enumerable.Range(0, 200).Select(_ => RawClient.Connect(server.SocketPath)).ToArray();
            AssertServes(server);
            foreach (var client in silent)
            {
                while (!client.IsClosedByServer())
                {
                    // The greeting comes first.
                }

                client.Dispose();
            }

            await Task.CompletedTask;
        });

    [Fact]
    public async Task OptionsThatSayTheyAreFourGibibytesLong()
        => await AbuseAsync(["memory", "16M"], server =>
        {
            for (var i = 0; i < 50; i++)
            {
                using var client = RawClient.Connect(server.SocketPath);
                client.SendRaw([0, 0, 0, 3, .. "IHAVEOPT"u8, .. Wire.U32(i % 2 == 0 ? Wire.Go : 0x7777), .. Wire.U32(uint.MaxValue), .. new byte[512]]);
                while (!client.IsClosedByServer())
                {
                    // The greeting comes first.
                }
            }

            return Task.CompletedTask;
        });

    [Fact]
    public async Task WritesThatAreCutInTheMiddle()
        => await AbuseAsync(["memory", "64M"], server =>
        {
            foreach (var length in (int[])[1, 512, 4096, 16 << 10, 256 << 10, 4 << 20, 32 << 20])
            {
                for (var i = 0; i < 8; i++)
                {
                    using var client = RawClient.Open(server.SocketPath);
                    client.SendRaw([.. RawClient.Header(RawClient.Write, 1, 16 << 20, (uint)length), .. Wire.Filled(length / 2, 0x66)]);
                }
            }

            using var reader = RawClient.Open(server.SocketPath);
            Assert.Equal(-1, reader.Ask(RawClient.Read, 16 << 20, 32 << 20).Data.AsSpan().IndexOfAnyExcept((byte)0));
            return Task.CompletedTask;
        });

    [Fact]
    public async Task ResetsAtAnyMoment()
    {
        byte[] script =
        [
            0, 0, 0, 3, .. Wire.Option(Wire.StructuredReply, []), .. Wire.Option(Wire.Go, Wire.InfoData("", 3)),
            .. Wire.Request(Wire.Read, 1, 0, 1 << 20), .. Wire.WriteRequest(2, 32 << 20, Wire.Filled(65536, 0)),
            .. Wire.Request(Wire.Flush, 3, 0, 0), .. Wire.Request(Wire.Read, 4, 0, 16 << 20),
        ];
        await using var server = await TcpServer.StartAsync("memory", "64M");
        ResetBehind(server.Port, script, script.Length);
        var idle = await ProcessFigures.BackToAsync(server.ProcessId, new ProcessFigures(0, int.MaxValue, int.MaxValue));
        for (var cut = 0; cut < 300; cut++)
        {
            // Every byte of the handshake, then every so many of the requests.
            ResetBehind(server.Port, script, cut < 200 ? cut : script.Length - ((cut - 200) * 300));
        }

        var after = await ProcessFigures.BackToAsync(server.ProcessId, idle);
        output.WriteLine($"before {idle}\nafter  {after}");
        Assert.InRange(after.ResidentKibibytes, 0, idle.ResidentKibibytes + KeptKibibytes);
        Assert.DoesNotContain(await server.StopAsync(), line => line.Contains("error", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task ClientsThatNeverReadDoNotKeepMemoryFromOthers()
        => await AbuseAsync(["--max-memory=96M", "pattern", "1G"], async server =>
        {
            var deaf = Enumerable.Range(0, 8).Select(_ => RawClient.Open(server.SocketPath)).ToArray();
            foreach (var client in deaf)
            {
                for (ulong cookie = 0; cookie < 16; cookie++)
                {
                    client.Send(RawClient.Read, cookie, 0, 16 << 20);
                }
            }

            // The first bytes of each show that all of them hold memory, which is 12 MiB beyond their own: all there is.
            Assert.All(deaf, client => Assert.False(client.IsClosedByServer()));
            var during = ProcessFigures.Of(server.ProcessId);
            Assert.InRange(during.ResidentKibibytes, 0, 256 << 10);
            using (var honest = RawClient.Open(server.SocketPath))
            {
                Assert.Equal(0u, honest.Ask(RawClient.Read, 0, 64 << 20).Error);
            }

            Assert.Contains(server.Errors.Lines, line => line.Contains("unread", StringComparison.Ordinal));
            Array.ForEach(deaf, client => client.Dispose());
            await Task.CompletedTask;
        });

    private async Task AbuseAsync(string[] arguments, Func<ServerProgram, Task> abuse)
    {
        await using var server = await SharpNbdProgram.StartAsync(arguments);
        using var beside = RawClient.Open(server.SocketPath);
        Assert.Equal(0u, beside.Ask(RawClient.Read, 0, 4096).Error);
        var before = ProcessFigures.Of(server.ProcessId);

        await abuse(server);

        var after = await ProcessFigures.BackToAsync(server.ProcessId, before);
        output.WriteLine($"before {before}\nafter  {after}");
        Assert.InRange(after.ResidentKibibytes, 0, before.ResidentKibibytes + KeptKibibytes);
        Assert.Equal(0u, beside.Ask(RawClient.Read, 0, 4096).Error);
        AssertServes(server);
        await server.StopAsync();
    }

    // With a linger time of nothing a close resets the connection instead of ending it.
    private static void ResetBehind(int port, byte[] script, int length)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        socket.Connect("127.0.0.1", port);
        socket.Send(script.AsSpan(0, length));
        if (length % 3 == 0)
        {
            socket.Receive(new byte[64]);
        }
    }

    private static void AssertServes(ServerProgram server)
    {
        using var client = RawClient.Open(server.SocketPath);
        Assert.Equal(0u, client.Ask(RawClient.Read, 0, 4096).Error);
        client.Send(RawClient.Disconnect, 1, 0, 0);
        Assert.True(client.IsClosedByServer());
    }
}

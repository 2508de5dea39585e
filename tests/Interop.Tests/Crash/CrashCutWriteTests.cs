using System.Net.Sockets;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>
/// A write of which the payload does not arrive whole reaches no disk, whatever its length, however it came and however it ended: the log
/// filter, which sees all that the engine hands on, sees nothing of it.
/// </summary>
[Trait("Category", "Slow")]
public sealed class CrashCutWriteTests : IDisposable
{
    private const int Longest = 64 << 20;

    /// <summary>Below, at and above each length from which a payload takes another way, up to the longest.</summary>
    private static readonly int[] Lengths =
    [
        2, 512, 4096, (16 << 10) - 1, 16 << 10, (16 << 10) + 1, (64 << 10) - 1, 64 << 10, (64 << 10) + 1, (128 << 10) + 1, (256 << 10) - 28, 256 << 10,
        (256 << 10) + 1, (4 << 20) + 1, Longest,
    ];

    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("memory", "unix")]
    [InlineData("memory", "tcp")]
    [InlineData("memory", "tls")]
    [InlineData("file", "unix")]
    [InlineData("file", "tcp")]
    [InlineData("file", "tls")]
    public async Task NothingOfItIsOnTheDisk(string kind, string transport)
    {
        using var log = new Fifo(_directory["log"]);
        string[] plugin = kind == "file" ? ["file", DiskServer.Sparse(_directory["disk"], Longest)] : [kind, $"{Longest}"];
        await using var server = await ReachableServer.StartAsync(transport, ["--filter=log", .. plugin, $"logfile={log.Path}"]);
        var seen = WatchAsync(log, connections: 1 + (3 * Lengths.Length));
        Fill(server.Connect());

        foreach (var length in Lengths)
        {
            Cut(server.Connect(), length, length - 1, isReset: false);
            Cut(server.Connect(), length, length / 2, isReset: false);
            Cut(server.Connect(), length, length / 2, isReset: true);
        }

        // Every connection has ended before anything is looked at.
        var writes = await seen.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(Longest / (1 << 20), writes);
        _ = WatchAsync(log, connections: 1);
        using (var reader = server.Connect())
        {
            for (uint at = 0; at < Longest; at += 1 << 20)
            {
                reader.Request(Wire.Read, 1, at, 1 << 20).ExpectSimple(1, 0, Wire.Filled(1 << 20, 0x11));
            }

            reader.Request(Wire.Disconnect, 2, 0, 0);
        }

        await server.StopAsync();
    }

    public void Dispose() => _directory.Dispose();

    private static void Fill(WireClient client)
    {
        for (uint at = 0; at < Longest; at += 1 << 20)
        {
            client.Write(1, at, Wire.Filled(1 << 20, 0x11)).ExpectSimple(1);
        }

        client.Request(Wire.Disconnect, 2, 0, 0);
        client.Dispose();
    }

    private static void Cut(WireClient client, int length, int sent, bool isReset)
    {
        client.Send([.. Wire.Request(Wire.Write, 1, 0, (uint)length), .. Wire.Filled(sent, 0x22)]);
        if (isReset && client.Connection is NetworkStream { Socket.AddressFamily: not AddressFamily.Unix } stream)
        {
            // A close is then a reset.
            stream.Socket.LingerState = new LingerOption(true, 0);
        }

        client.Dispose();
    }

    /// <summary>Reads the log until so many disks were closed.</summary>
    /// <returns>The writes that were handed on.</returns>
    private static async Task<int> WatchAsync(Fifo log, int connections)
    {
        var writes = 0;
        while (connections > 0)
        {
            var line = await log.ReadLineAsync();
            writes += line.Contains(" Write id=", StringComparison.Ordinal) ? 1 : 0;
            connections -= line.Contains(" Disconnect ", StringComparison.Ordinal) ? 1 : 0;
        }

        return writes;
    }
}

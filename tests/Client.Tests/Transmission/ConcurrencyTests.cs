using System.Net.Sockets;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Client.Tests;

/// <summary>Many requests at once on one connection, against our own server.</summary>
public sealed class ConcurrencyTests
{
    private const int AreaLength = 1 << 20;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task RequestsOfManyThreadsDoNotDisturbEachOther(bool isStructured, bool isExtended)
    {
        const int workers = 8;
        await using var server = await ListeningServer.StartAsync(new ArraySource(new byte[workers * AreaLength]));
        await using var client = await NbdClient.ConnectAsync(
            new UnixDomainSocketEndPoint(server.SocketPath),
            new NbdClientOptions { WantStructuredReplies = isStructured, WantExtendedHeaders = isExtended });

        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(() => WorkAsync(client, worker * AreaLength, new Random(worker)))));
    }

    [Fact]
    public async Task ManyRequestsOfOneThreadAreInFlightAtOnce()
    {
        await using var server = await ListeningServer.StartAsync(new ArraySource([.. Enumerable.Range(0, 1 << 20).Select(i => (byte)(i / 4096))]));
        await using var client = await NbdClient.ConnectAsync(new UnixDomainSocketEndPoint(server.SocketPath), new NbdClientOptions());
        var buffers = Enumerable.Range(0, 256).Select(_ => new byte[4096]).ToArray();

        var reads = buffers.Select((buffer, i) => client.ReadAsync(i * 4096, buffer, isLater: true).AsTask()).ToArray();
        client.Send();
        await Task.WhenAll(reads);

        Assert.All(buffers.Index(), pair => Assert.True(pair.Item.All(value => value == (byte)pair.Index)));
    }

    [Fact]
    public async Task AStreamOfAnotherKindIsAsGoodAsASocket()
    {
        await using var server = new WireServer(new ArraySource(new byte[8 * AreaLength]));
        await using var client = await NbdClient.ConnectAsync(server.Connect().Connection, new NbdClientOptions());

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() => WorkAsync(client, worker * AreaLength, new Random(worker)))));
    }

    [Fact]
    public async Task RequestsTakeNoManagedMemory()
    {
        await using var server = await ListeningServer.StartAsync(new ArraySource(new byte[AreaLength]));
        await using var client = await NbdClient.ConnectAsync(
            new UnixDomainSocketEndPoint(server.SocketPath), new NbdClientOptions { RunContinuationsInline = true });
        var buffer = new byte[20_000];
        using var done = new SemaphoreSlim(0);
        Action release = () => done.Release();
        for (var warm = 0; warm < 100; warm++)
        {
            Make();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            Make();
        }

        // What the semaphore itself may need for a wait that blocks.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);

        void Make()
        {
            Wait(client.ReadAsync(0, buffer));
            Wait(client.WriteAsync(0, buffer));
            Wait(client.WriteAsync(0, buffer.AsMemory(0, 100)));
            Wait(client.FlushAsync());
        }

        void Wait(ValueTask task)
        {
            var awaiter = task.ConfigureAwait(false).GetAwaiter();
            if (!awaiter.IsCompleted)
            {
                awaiter.UnsafeOnCompleted(release);
                done.Wait();
            }

            awaiter.GetResult();
        }
    }

    private static async Task WorkAsync(NbdClient client, long area, Random random)
    {
        var model = new byte[AreaLength];
        for (var round = 0; round < 60; round++)
        {
            var length = random.Next(1, round % 4 == 0 ? 300_000 : 10_000);
            var offset = random.Next(AreaLength - length);
            switch (random.Next(4))
            {
                case 0:
                    await client.ZeroAsync(new ByteRange(area + offset, length));
                    model.AsSpan(offset, length).Clear();
                    break;
                case 1:
                    var buffer = new byte[length];
                    await client.ReadAsync(area + offset, buffer);
                    Assert.True(model.AsSpan(offset, length).SequenceEqual(buffer), $"{length} bytes at {offset} differ");
                    break;
                default:
                    random.NextBytes(model.AsSpan(offset, length));
                    await client.WriteAsync(area + offset, model.AsMemory(offset, length), WriteFlags.Fua);
                    break;
            }
        }

        await client.FlushAsync();
        var all = new byte[AreaLength];
        await client.ReadAsync(area, all);
        Assert.Equal(model, all);
    }
}

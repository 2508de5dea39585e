using System.Net.Sockets;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>Many random requests at once over real sockets, on disks that answer at once, later, and mixed.</summary>
public sealed class StressTests
{
    private const int Slots = 32;
    private const int SlotLength = 40_000;

    [Theory]
    [InlineData(0, 16, WireForm.Simple)]
    [InlineData(0, 16, WireForm.Structured)]
    [InlineData(100, 16, WireForm.Simple)]
    [InlineData(100, 16, WireForm.Structured)]
    [InlineData(100, 1, WireForm.Structured)]
    [InlineData(50, 16, WireForm.Structured)]
    [InlineData(3, 16, WireForm.Simple)]
    [InlineData(50, 2, WireForm.Simple)]
    [InlineData(0, 16, WireForm.Extended)]
    [InlineData(50, 16, WireForm.Extended)]
    public async Task EveryAnswerIsRight(int percentHandedOff, int requestsPerConnection, WireForm form)
    {
        const int connections = 3;
        var disk = new HandOffDisk(new byte[connections * Slots * SlotLength], () => Random.Shared.Next(100) < percentHandedOff);
        await using var server = new WireServer(
            new StaticSource(disk), WireServer.DefaultOptions with { RequestsPerConnection = requestsPerConnection });
        await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Factory.StartNew(
            () =>
            {
                // One sleeps at once when it waits for a request, the next asks for a moment.
                var socket = server.ConnectSocket(spin: TimeSpan.FromMicroseconds(number * 80));
                var client = new WireClient(new NetworkStream(socket));
                _ = form switch
                {
                    WireForm.Simple => client.OpenSimple(),
                    WireForm.Structured => client.OpenStructured(),
                    _ => client.OpenExtended(),
                };
                new PipelinedClient(socket, (long)number * Slots * SlotLength, SlotLength, Slots, seed: number, form).Run(1500);
                client.Send(form == WireForm.Extended ? ExtendedWire.Request(Wire.Disconnect, 0, 0, 0) : Wire.Request(Wire.Disconnect, 0, 0, 0)).ExpectEnd();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        await server.StopAsync();
        Assert.Empty(server.Log.Lines);
        Assert.Equal((disk.Started, 0), (disk.Answered, disk.Misused));
        Assert.Equal(percentHandedOff > 0, disk.Started > 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PayloadsOfAllSizesArriveWhole(bool isHandedOff)
    {
        var content = new byte[(64 << 20) + 4096];
        await using var server = new WireServer(new HandOffDisk(content, () => isHandedOff));
        var client = server.ConnectOverSocket().OpenSimple();
        foreach (var length in (int[])
            [
                1, 2, 511, 512, 513, 4095, 4096, 4097, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073,
                262_115, 262_116, 262_117, 262_144, 262_145, 1_000_003, 16 << 20, (16 << 20) + 1, 64 << 20,
            ])
        {
            var data = new byte[length];
            new Random(length).NextBytes(data);
            var cookie = (ulong)length;

            // The read of what was there and the write leave together, so the payload lies at any place of the server's buffer.
            client.Send([.. Wire.Request(Wire.Flush, 1, 0, 0), .. Wire.WriteRequest(cookie, 7, data)]);
            client.ExpectInAnyOrder(Wire.SimpleReply(1, 0), Wire.SimpleReply(cookie, 0));
            Assert.True(content.AsSpan(7, length).SequenceEqual(data), $"{length} bytes were not written right");
            client.Request(Wire.Read, cookie, 7, (uint)length).ExpectSimple(cookie, 0, data);
        }

        client.Disconnect();
    }

    [Fact]
    public async Task TwoHundredConnectionsAreServedAtOnce()
    {
        var disk = new HandOffDisk(new byte[200 * 4096], () => Random.Shared.Next(2) == 0);
        await using var server = new WireServer(new StaticSource(disk));
        var clients = Enumerable.Range(0, 200).Select(_ => server.ConnectOverSocket().OpenSimple()).ToArray();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < clients.Length; i++)
            {
                clients[i].Write((ulong)i, (ulong)i * 4096, Wire.Filled(4096, (byte)(i + round)));
            }

            for (var i = 0; i < clients.Length; i++)
            {
                clients[i].ExpectSimple((ulong)i)
                    .Request(Wire.Read, 1, (ulong)i * 4096, 4096)
                    .ExpectSimple(1, 0, Wire.Filled(4096, (byte)(i + round)));
            }
        }

        Assert.All(clients, client => client.Disconnect());
        Assert.Equal(0, disk.Misused);
    }
}

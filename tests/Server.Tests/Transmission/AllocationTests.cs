using System.Net.Sockets;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>In steady state a request costs no garbage, whether the disk answers at once or later.</summary>
[Collection(AloneCollection.Name)]
public sealed class AllocationTests
{
    private const int Batch = 16;
    private const int Requests = 100_000;

    /// <summary>What may come from elsewhere in the process, as the pool's bookkeeping, spread over all requests.</summary>
    private const double BytesPerRequest = 1;

    [Theory]
    [InlineData(Wire.Read, 512, false)]
    [InlineData(Wire.Read, 4096, false)]
    [InlineData(Wire.Read, 512, true)]
    [InlineData(Wire.Read, 4096, true)]
    [InlineData(Wire.Write, 512, false)]
    [InlineData(Wire.Write, 4096, false)]
    [InlineData(Wire.Write, 512, true)]
    [InlineData(Wire.Write, 4096, true)]
    [InlineData(Wire.Flush, 0, false)]
    [InlineData(Wire.Flush, 0, true)]
    [InlineData(Wire.BlockStatus, 4096, false)]
    public Task NothingIsAllocated(int command, int length, bool isHandedOff)
    {
        byte[] request = command == Wire.Write
            ? Wire.WriteRequest(1, 0, new byte[length])
            : Wire.Request((ushort)command, 1, 0, (uint)length);
        var replyLength = command switch
        {
            Wire.Read => 28 + length,
            Wire.BlockStatus => 32,
            _ => 16,
        };
        return RunAsync(Wire.StructuredReply, request, replyLength, isHandedOff);
    }

    [Theory]
    [InlineData(4096, 32)] // a hole of which nothing is sent
    [InlineData(100_000, 28 + 50_000 + 32)] // data and a hole
    public async Task NothingIsAllocatedForHoles(int length, int replyLength)
    {
        await using var server = new WireServer(new PiecedDisk((50_000, null), (50_000, 1), (50_000, null)));
        Run(server, Wire.StructuredReply, Wire.Request(Wire.Read, 1, length > 50_000 ? 50_000u : 0, (uint)length), replyLength);
    }

    [Theory]
    [InlineData(Wire.Read, 4096)]
    [InlineData(Wire.Write, 4096)]
    [InlineData(Wire.BlockStatus, 4096)]
    public Task NothingIsAllocatedWithExtendedHeaders(int command, int length)
    {
        byte[] request = command == Wire.Write
            ? ExtendedWire.RequestWithPayload(Wire.Write, 1, 0, new byte[length])
            : command == Wire.BlockStatus
                ? ExtendedWire.RequestWithPayload(Wire.BlockStatus, 1, 0, ExtendedWire.Contexts((ulong)length, 1))
                : ExtendedWire.Request((ushort)command, 1, 0, (ulong)length);
        var replyLength = command switch
        {
            Wire.Read => 40 + length,
            Wire.BlockStatus => 56,
            _ => 32,
        };
        return RunAsync(Wire.ExtendedHeaders, request, replyLength, isHandedOff: false);
    }

    private static async Task RunAsync(uint option, byte[] request, int replyLength, bool isHandedOff)
    {
        var disk = new HandOffDisk(new byte[1 << 20], () => isHandedOff);
        await using var server = new WireServer(disk);
        Run(server, option, request, replyLength);
        Assert.Equal(0, disk.Misused);
    }

    private static void Run(WireServer server, uint option, byte[] request, int replyLength)
    {
        var socket = server.ConnectSocket();
        Open(socket, option);

        // The whole batch leaves in one call and its answers are taken by as few, so that the client allocates nothing either.
        byte[] requests = [.. Enumerable.Repeat(request, Batch).SelectMany(bytes => bytes)];
        var replies = new byte[Batch * replyLength];

        Run(socket, requests, replies, Requests / 4);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        Run(socket, requests, replies, Requests);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.True(allocated <= Requests * BytesPerRequest, $"{(double)allocated / Requests:f2} bytes per request");
    }

    // Nothing asynchronous: .NET would make the socket non-blocking, and every receive that waits would cost an object.
    private static void Open(Socket socket, uint option)
    {
        socket.Send([
            .. Wire.U32(3),
            .. Wire.Option(option, []),
            .. Wire.Option(Wire.SetMetaContext, Wire.MetaContextData("", "base:allocation")),
            .. Wire.Option(Wire.Go, Wire.InfoData("")),
        ]);
        Take(socket, new byte[18 + 20 + (20 + 19) + 20 + (20 + 12) + 20]);
    }

    private static void Run(Socket socket, byte[] requests, byte[] replies, int count)
    {
        for (var i = 0; i < count; i += Batch)
        {
            socket.Send(requests);
            Take(socket, replies);
        }
    }

    private static void Take(Socket socket, byte[] replies)
    {
        for (var taken = 0; taken < replies.Length;)
        {
            var received = socket.Receive(replies.AsSpan(taken), SocketFlags.None);
            taken += received > 0 ? received : throw new EndOfStreamException("the server closed the connection");
        }
    }
}

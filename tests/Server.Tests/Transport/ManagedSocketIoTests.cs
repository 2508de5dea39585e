using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>The calls of other platforms serve as well as those of this one.</summary>
public sealed class ManagedSocketIoTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public async Task RandomRequestsAreAnsweredRight(int percentHandedOff)
    {
        using var directory = new TemporaryDirectory();
        var disk = new HandOffDisk(new byte[16 * 40_000], () => Random.Shared.Next(100) < percentHandedOff);
        await using var server = new ServerEngine(new StaticSource(disk), WireServer.DefaultOptions, NullLoggerFactory.Instance);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var address = new UnixDomainSocketEndPoint(directory["socket"]);
        listener.Bind(address);
        listener.Listen();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(address);
        server.Serve(new ManagedSocketTransport(listener.Accept()));

        await Task.Factory.StartNew(
            () =>
            {
                var client = new WireClient(new NetworkStream(socket)).OpenSimple();
                new PipelinedClient(socket, 0, 40_000, 16, seed: percentHandedOff, WireForm.Simple).Run(1000);
                client.Disconnect();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.Equal(0, disk.Misused);
    }

    private sealed class ManagedSocketTransport : Transport
    {
        private readonly ManagedSocketIo _io;

        public ManagedSocketTransport(Socket socket)
        {
            _io = new ManagedSocketIo(socket);
            Input = new WireInput(new SocketPipeReader(_io));
            Output = new SocketPipeWriter(_io);
        }

        public override string Peer => "managed";

        public override WireInput Input { get; }

        public override GatherWriter Output { get; }

        public override void StopReceiving() => _io.StopReceiving();

        public override void Abort() => _io.Abort();

        public override void Dispose() => _io.Dispose();
    }
}

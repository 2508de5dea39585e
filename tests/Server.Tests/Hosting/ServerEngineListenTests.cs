using System.Net;
using System.Net.Sockets;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>A server on real addresses.</summary>
public sealed class ServerEngineListenTests
{
    [Fact]
    public async Task ItServesOverTcpOnAFreePortThatItTells()
    {
        await using var server = await StartAsync(new TcpListenAddress("127.0.0.1", 0));
        var address = Assert.IsType<TcpListenAddress>(Assert.Single(server.BoundAddresses));
        Assert.InRange(address.Port, 1, 65535);

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, address.Port);
        new WireClient(new NetworkStream(socket)).OpenSimple().Request(Wire.Read, 1, 0, 2).ExpectSimple(1, 0, 0, 0).Disconnect();
    }

    [Fact]
    public async Task ItServesOverAUnixSocket()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "socket");
        await using var server = await StartAsync(new UnixListenAddress(path));

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        new WireClient(new NetworkStream(socket)).OpenSimple().Request(Wire.Read, 1, 0, 2).ExpectSimple(1, 0, 0, 0).Disconnect();
    }

    [Fact]
    public async Task ClientsThatConnectBeforeItAcceptsWaitForIt()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "socket");
        await using var server = Create(new UnixListenAddress(path));
        await server.BindAsync(CancellationToken.None);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        var client = new WireClient(new NetworkStream(socket)).Send(Wire.U32(3));

        server.StartAccepting();

        client.Expect(Wire.Greeting()).Go().Disconnect();
    }

    [Fact]
    public async Task AnAddressInUseIsAStartupErrorThatNamesIt()
    {
        await using var first = await StartAsync(new TcpListenAddress("127.0.0.1", 0));
        var address = first.BoundAddresses[0];
        await using var second = Create(address);

        var error = await Assert.ThrowsAsync<StartupException>(() => second.BindAsync(CancellationToken.None));

        Assert.Contains($"127.0.0.1:{((TcpListenAddress)address).Port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyCanConnectOnceItHasStopped()
    {
        await using var server = await StartAsync(new TcpListenAddress("127.0.0.1", 0));
        var port = ((TcpListenAddress)server.BoundAddresses[0]).Port;

        await server.StopAsync();

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Throws<SocketException>(() => socket.Connect(IPAddress.Loopback, port));
    }

    private static async Task<ServerEngine> StartAsync(ListenAddress address)
    {
        var server = Create(address);
        await server.BindAsync(CancellationToken.None);
        server.StartAccepting();
        return server;
    }

    private static ServerEngine Create(ListenAddress address)
        => new(new StaticSource(_ => new RecordingDisk()), WireServer.DefaultOptions with { Addresses = [address] }, new RecordingLog());
}

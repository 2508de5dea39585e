using System.Net.Security;
using System.Net.Sockets;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>The program under test on a Unix socket, over TCP, or over TCP with TLS.</summary>
internal sealed class ReachableServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly bool _isTls;
    private ServerProgram? _unix;
    private TcpServer? _tcp;

    private ReachableServer(bool isTls) => _isTls = isTls;

    /// <summary>Starts it.</summary>
    /// <param name="transport"><c>unix</c>, <c>tcp</c> or <c>tls</c>.</param>
    /// <param name="arguments">Filters, the plugin and their parameters.</param>
    public static async Task<ReachableServer> StartAsync(string transport, params string[] arguments)
    {
        var server = new ReachableServer(transport == "tls");
        using var authority = new TestAuthority();
        string[] all = server._isTls
            ? ["--tls=require", $"--tls-certificates={authority.WriteServer(server._directory["server"])}", .. arguments] : arguments;
        if (transport == "unix")
        {
            server._unix = await SharpNbdProgram.StartAsync(all);
        }
        else
        {
            server._tcp = await TcpServer.StartAsync(all);
        }

        return server;
    }

    /// <summary>A client that is ready to send requests.</summary>
    public WireClient Connect()
    {
        var client = new WireClient(new NetworkStream(ConnectSocket(), ownsSocket: true)).Greet();
        return (_isTls ? client.StartTls(Encrypt) : client).Go();
    }

    /// <summary>Stops it.</summary>
    public Task StopAsync() => _unix?.StopAsync() ?? _tcp!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await (_unix?.DisposeAsync() ?? _tcp!.DisposeAsync());
        _directory.Dispose();
    }

    private static SslStream Encrypt(Stream stream)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
        tls.AuthenticateAsClient("localhost");
        return tls;
    }

    private Socket ConnectSocket()
    {
        if (_unix is not null)
        {
            var local = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            local.Connect(new UnixDomainSocketEndPoint(_unix.SocketPath));
            return local;
        }

        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect("127.0.0.1", _tcp!.Port);
        return socket;
    }
}

using System.IO.Pipelines;
using System.Net.Sockets;
using SharpNbd.Abstractions;
using SharpNbd.Server;

namespace SharpNbd.TestKit;

/// <summary>A server without a listener: every connection is made by the test, within the process or over a pair of sockets.</summary>
public sealed class WireServer : IAsyncDisposable
{
    private readonly ServerEngine _server;
    private readonly List<IDisposable> _clients = [];

    /// <summary>Starts a server.</summary>
    /// <param name="source">What it serves; disposed with it.</param>
    /// <param name="options">How it serves; the addresses are not used.</param>
    /// <param name="time">The clock of the handshake's deadline.</param>
    public WireServer(DiskSource source, NbdServerOptions? options = null, TimeProvider? time = null)
        => _server = new ServerEngine(source, options ?? DefaultOptions, Log, time ?? TimeProvider.System);

    /// <summary>A server of one disk.</summary>
    public WireServer(Disk disk, NbdServerOptions? options = null)
        : this(new StaticSource(disk), options)
    {
    }

    /// <summary>No addresses; everything else as the program has it.</summary>
    public static NbdServerOptions DefaultOptions { get; } = new() { Addresses = [], Name = "test" };

    /// <summary>What the server logs.</summary>
    public RecordingLog Log { get; } = new();

    /// <summary>Connects a client within the process.</summary>
    /// <param name="roomForReplies">How many bytes the server may be ahead of the client before it has to wait.</param>
    public WireClient Connect(int roomForReplies = 1 << 20)
    {
        var requests = new Pipe(Options(1 << 20));
        var replies = new Pipe(Options(roomForReplies));
        _server.Serve(new PipeTransport(requests.Reader, replies.Writer, "pipe"));
        return Remember(new WireClient(new WirePipeStream(replies.Reader, requests.Writer)));
    }

    /// <summary>Connects a client over a pair of Unix sockets.</summary>
    public WireClient ConnectOverSocket() => new(new NetworkStream(ConnectSocket(), ownsSocket: false));

    /// <summary>Connects a pair of Unix sockets and returns the client's end, which is closed with the server.</summary>
    /// <param name="spin">How long the server asks for a request again and again before it sleeps.</param>
    public Socket ConnectSocket(TimeSpan spin = default)
    {
        var (server, client) = SocketPair.Create();
        _server.Serve(new SocketTransport(server, new ReceiveSpin(new ConnectionCount(), spin)));
        return Remember(client);
    }

    /// <summary>Stops the server.</summary>
    public Task StopAsync() => _server.StopAsync();

    /// <summary>Closes the clients and stops the server.</summary>
    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _server.DisposeAsync();
    }

    private static PipeOptions Options(int threshold)
        => new(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: threshold, resumeWriterThreshold: threshold / 2, useSynchronizationContext: false);

    private T Remember<T>(T client)
        where T : IDisposable
    {
        _clients.Add(client);
        return client;
    }
}

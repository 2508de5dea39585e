using SharpNbd.Abstractions;
using SharpNbd.Server;

namespace SharpNbd.TestKit;

/// <summary>A server within the process that listens on a Unix socket in a private directory.</summary>
public sealed class ListeningServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly ServerEngine _server;

    private ListeningServer(TemporaryDirectory directory, ServerEngine server) => (_directory, _server) = (directory, server);

    /// <summary>The path of the socket.</summary>
    public string SocketPath => _directory["socket"];

    /// <summary>Starts a server.</summary>
    /// <param name="source">What it serves; disposed with it.</param>
    /// <param name="stopGrace">How long requests in flight may take when it is closed; null as long as the program gives them.</param>
    public static async Task<ListeningServer> StartAsync(DiskSource source, TimeSpan? stopGrace = null)
    {
        var directory = new TemporaryDirectory();
        var options = WireServer.DefaultOptions with { Addresses = [new UnixListenAddress(directory["socket"])] };
        options = options with { StopGrace = stopGrace ?? options.StopGrace };
        var server = new ServerEngine(source, options, new RecordingLog(), TimeProvider.System);
        await server.BindAsync(CancellationToken.None);
        server.StartAccepting();
        return new ListeningServer(directory, server);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }
}

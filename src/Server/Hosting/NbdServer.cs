using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>An NBD server over one chain of a plugin and its filters.</summary>
public sealed class NbdServer : IAsyncDisposable
{
    private readonly DiskSource _source;
    private readonly NbdServerOptions _options;
    private readonly ILogger _logger;

    /// <summary>A server that does nothing yet.</summary>
    /// <param name="source">The outermost member of the chain; disposed with the server.</param>
    /// <param name="options">Where and how to serve.</param>
    /// <param name="loggers">Where everything is logged.</param>
    public NbdServer(DiskSource source, NbdServerOptions options, ILoggerFactory loggers)
    {
        _source = source;
        _options = options;
        _logger = loggers.CreateLogger("server");
    }

    /// <summary>The addresses that the server listens on, with the port that port 0 became; known once it is bound.</summary>
    public IReadOnlyList<ListenAddress> BoundAddresses { get; } = [];

    /// <summary>Makes the chain ready and binds every address; clients that connect wait until <see cref="StartAccepting"/>.</summary>
    /// <exception cref="StartupException">The chain is not ready or an address cannot be bound.</exception>
    public async Task BindAsync(CancellationToken cancellationToken) => await _source.ReadyAsync(_source.ThreadModel, cancellationToken);

    /// <summary>Begins to serve clients.</summary>
    public void StartAccepting() => _ = (_logger, _options);

    /// <summary>Stops accepting, lets requests in flight finish within the grace, closes every connection and disposes the chain.</summary>
    public Task StopAsync() => _source.DisposeAsync().AsTask();

    /// <summary>Stops, if that has not been done.</summary>
    public ValueTask DisposeAsync() => new(StopAsync());
}

using System.Net;
using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>An NBD server over one chain of a plugin and its filters.</summary>
internal sealed class ServerEngine : IAsyncDisposable
{
    /// <summary>How long connections that were cut may take to notice.</summary>
    private static readonly TimeSpan CutGrace = TimeSpan.FromMilliseconds(500);

    private readonly DiskSource _source;
    private readonly NbdServerOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly MemoryBudget _budget;
    private readonly ConnectionCount _active = new();
    private readonly HashSet<Connection> _connections = [];
    private readonly TaskCompletionSource _noConnections = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IListener> _listeners = [];
    private readonly HashSet<Connection> _dropped = [];
    private readonly Lock _stopping = new();
    private readonly FileSizeSignal _fileSizeSignal = new();
    private bool _hasTurnedAway;
    private long _connectionsSoFar;
    private bool _isStopping;
    private Task? _stop;

    /// <summary>A server that does nothing yet.</summary>
    /// <param name="source">The outermost member of the chain; disposed with the server.</param>
    /// <param name="options">Where and how to serve.</param>
    /// <param name="loggers">Where everything is logged.</param>
    public ServerEngine(DiskSource source, NbdServerOptions options, ILoggerFactory loggers)
        : this(source, options, loggers, TimeProvider.System)
    {
    }

    /// <summary>A server whose handshakes are timed by another clock.</summary>
    public ServerEngine(DiskSource source, NbdServerOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        _source = source;
        _options = options;
        _logger = loggers.CreateLogger("server");
        _time = time;
        _budget = new MemoryBudget(options.MaximumMemory, DropWhoDoesNotRead);
    }

    /// <summary>The addresses that the server listens on, with the port that port 0 became; known once it is bound.</summary>
    public IReadOnlyList<ListenAddress> BoundAddresses => [.. _listeners.Select(listener => listener.Address).Distinct()];

    /// <summary>What clients on this machine connect to, as the framework has it; null where the first address is none of TCP or a Unix socket.</summary>
    public EndPoint? EndPoint => _listeners.Count > 0 ? _listeners[0].EndPoint : null;

    /// <summary>Makes the chain ready and binds every address; clients that connect wait until <see cref="StartAccepting"/>.</summary>
    /// <exception cref="StartupException">An address cannot be bound.</exception>
    public async Task BindAsync(CancellationToken cancellationToken)
    {
        await _source.ReadyAsync(_source.ThreadModel, cancellationToken);
        foreach (var address in _options.Addresses ?? [])
        {
            using var label = SocketLabel.Set(_options.SocketLabel);
            _listeners.AddRange(Listener.Bind(address));
        }
    }

    /// <summary>Begins to serve clients.</summary>
    public void StartAccepting()
    {
        var transports = new TransportFactory(_active, _options.Spin, _options.KeepAlive);
        foreach (var listener in _listeners)
        {
            _logger.Listening(listener.Address);
            listener.Start(transports, transport => Serve(transport), _logger);
        }
    }

    /// <summary>Stops accepting, lets requests in flight finish within the grace, closes every connection and disposes the chain.</summary>
    public Task StopAsync()
    {
        // A lock of its own: a listener that is disposed waits for its thread, which may be about to add a connection.
        lock (_stopping)
        {
            return _stop ??= StopOnceAsync();
        }
    }

    /// <summary>Stops, if that has not been done.</summary>
    public ValueTask DisposeAsync() => new(StopAsync());

    /// <summary>Serves one connection on a thread of its own.</summary>
    /// <param name="transport">The connection; owned from here on.</param>
    /// <param name="ended">Called when it has ended, or has not begun.</param>
    public void Serve(Transport transport, Action? ended = null)
    {
        var number = Interlocked.Increment(ref _connectionsSoFar);
        var logger = new ConnectionLogger(_logger, $"{_options.Name}.{number}");
        var connection = new Connection(transport, _source, _options, _budget, _time, logger);
        lock (_connections)
        {
            if (_isStopping || IsFull(transport))
            {
                transport.Dispose();
                ended?.Invoke();
                return;
            }

            _connections.Add(connection);
            _active.Add();
        }

        try
        {
            var thread = new Thread(() => Run(connection, ended), maxStackSize: 512 * 1024) { IsBackground = true, Name = "nbd connection" };
            thread.Start();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // The limit of threads or memory is reached: this client has to come again, the others stay.
            _logger.NoThread(transport.Peer, e.Message);
            transport.Dispose();
            Forget(connection);
            ended?.Invoke();
        }
    }

    private void Run(Connection connection, Action? ended)
    {
        connection.Run();
        Forget(connection);
        ended?.Invoke();
    }

    // One line tells of it until there was room again: whoever opens thousands of connections must not fill the log.
    private bool IsFull(Transport transport)
    {
        var isFull = _connections.Count >= _options.MaximumConnections;
        if (isFull && !_hasTurnedAway)
        {
            _logger.TooManyConnections(transport.Peer, _options.MaximumConnections);
        }

        _hasTurnedAway = isFull;
        return isFull;
    }

    /// <summary>Takes memory from clients that have long not read what is in it, from those that hold the most first.</summary>
    private void DropWhoDoesNotRead(long needed)
    {
        var unread = new List<Connection>();
        lock (_connections)
        {
            var candidates = _connections.Where(connection => connection.Borrowed > 0 && connection.UnreadFor >= _options.UnreadWait);
            foreach (var connection in candidates.OrderByDescending(connection => connection.Borrowed).TakeWhile(_ => needed > 0))
            {
                needed -= connection.Borrowed;
                if (_dropped.Add(connection))
                {
                    unread.Add(connection);
                }
            }
        }

        unread.ForEach(connection => connection.Drop());
    }

    private void Forget(Connection connection)
    {
        lock (_connections)
        {
            _connections.Remove(connection);
            _dropped.Remove(connection);
            _active.Remove();
            if (_isStopping && _connections.Count == 0)
            {
                _noConnections.TrySetResult();
            }
        }
    }

    private async Task StopOnceAsync()
    {
        foreach (var listener in _listeners)
        {
            listener.Dispose();
        }

        Array.ForEach(BeginStopping(), connection => connection.Stop());
        if (!await EndsWithinAsync(_options.StopGrace))
        {
            var stuck = Remaining();
            _logger.Cut(stuck.Length);
            Array.ForEach(stuck, connection => connection.Abort());
            if (!await EndsWithinAsync(CutGrace))
            {
                // A disk that does not come back is left behind: disposing what it uses would only break it in other ways.
                return;
            }
        }

        await _source.DisposeAsync();
        _fileSizeSignal.Dispose();
    }

    private Connection[] BeginStopping()
    {
        lock (_connections)
        {
            _isStopping = true;
            if (_connections.Count == 0)
            {
                _noConnections.TrySetResult();
            }

            return [.. _connections];
        }
    }

    private Connection[] Remaining()
    {
        lock (_connections)
        {
            return [.. _connections];
        }
    }

    private async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        await _noConnections.Task.WaitAsync(time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _noConnections.Task.IsCompleted;
    }
}

using System.IO.Pipelines;
using System.Net;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// An NBD server within a program: <c>await using var server = await NbdServer.StartAsync(disk);</c> and any client can use the disk
/// under <see cref="Uri"/>. It stops when it is disposed, when <see cref="StopAsync"/> is called, or when its plugin or a filter asks for it.
/// </summary>
public sealed class NbdServer : IAsyncDisposable
{
    private readonly ServerEngine _engine;
    private readonly IReadOnlyList<ListenAddress> _addresses;
    private readonly TlsSupport? _tls;
    private readonly PrivateSocket? _privateSocket;
    private readonly CancellationTokenSource _stopping;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NbdServer(ServerEngine engine, NbdServerOptions options, PrivateSocket? privateSocket, CancellationTokenSource stopping)
    {
        _engine = engine;
        _addresses = options.Addresses!;
        _tls = options.TlsSupport;
        _privateSocket = privateSocket;
        _stopping = stopping;
    }

    /// <summary>The URI that clients on this machine take, for example <c>nbd+unix://?socket=/tmp/…</c> or <c>nbd://localhost:40123</c>.</summary>
    /// <exception cref="InvalidOperationException">The server listens nowhere.</exception>
    public string Uri => GetUri("");

    /// <summary>What a socket on this machine connects to: an IP address and port, or a path. Null where the server listens on neither.</summary>
    public EndPoint? EndPoint => _engine.EndPoint;

    /// <summary>Where the server listens, with the port that port 0 became.</summary>
    public IReadOnlyList<ListenAddress> Addresses => _engine.BoundAddresses;

    /// <summary>Completes when the server has stopped, whoever has asked for it. It fails where closing the disk has failed.</summary>
    public Task Completion => _stopped.Task;

    /// <summary>Serves what a plugin makes.</summary>
    /// <param name="plugin">The plugin with its options, for example <c>new MemoryPlugin().With(new() { Size = 64 &lt;&lt; 20 })</c>.</param>
    /// <param name="options">How to serve; null for a Unix socket that only this user can reach.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The server, which takes clients already.</returns>
    /// <exception cref="ParameterException">The plugin or a filter cannot work with its options.</exception>
    /// <exception cref="StartupException">An address cannot be bound, or there is something wrong with the certificates.</exception>
    public static Task<NbdServer> StartAsync(ConfiguredPlugin plugin, NbdServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plugin);
        options ??= new NbdServerOptions { Name = plugin.Plugin.Name };
        return StartAsync(builder => builder.BuildAsync(plugin, options.Filters, cancellationToken), options, cancellationToken);
    }

    /// <summary>Serves a source, which opens a disk for each connection.</summary>
    /// <param name="source">
    /// The source. It is the server's from here on: disposed when the server has stopped, and also when the start fails, unless
    /// <see cref="NbdServerOptions.LeaveOpen"/>. Several of them are served by <see cref="NamedExports"/>.
    /// </param>
    /// <param name="options">How to serve; null for a Unix socket that only this user can reach.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The server, which takes clients already.</returns>
    /// <exception cref="ParameterException">A filter cannot work with its options.</exception>
    /// <exception cref="StartupException">An address cannot be bound, or there is something wrong with the certificates.</exception>
    public static Task<NbdServer> StartAsync(DiskSource source, NbdServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new NbdServerOptions();
        return StartAsync(
            builder => builder.BuildAsync(options.LeaveOpen ? new BorrowedSource(source) : source, options.Filters), options, cancellationToken);
    }

    /// <summary>Serves a disk, which all connections share: its methods may be called by several at once.</summary>
    /// <param name="disk">
    /// The disk. It is the server's from here on: disposed when the server has stopped, and also when the start fails, unless
    /// <see cref="NbdServerOptions.LeaveOpen"/>.
    /// </param>
    /// <param name="options">How to serve; null for a Unix socket that only this user can reach.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>The server, which takes clients already.</returns>
    /// <exception cref="ParameterException">A filter cannot work with its options.</exception>
    /// <exception cref="StartupException">An address cannot be bound, or there is something wrong with the certificates.</exception>
    public static Task<NbdServer> StartAsync(Disk disk, NbdServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(disk);
        return StartAsync(new SharedDiskSource(disk), options, cancellationToken);
    }

    /// <summary>The URI of an export.</summary>
    /// <param name="exportName">The export; "" is the default one.</param>
    /// <exception cref="InvalidOperationException">The server listens nowhere.</exception>
    public string GetUri(string exportName) => Addresses is [var address, ..]
        ? NbdUri.Format(address, exportName, _tls)
        : throw new InvalidOperationException("the server listens nowhere, so that it has no URI; clients come through Connect()");

    /// <summary>
    /// Connects a client within the process. What comes is what comes over a socket, from the server's greeting on; closing the stream ends the
    /// connection. A server that has stopped, or has as many connections as it may, closes it at once.
    /// </summary>
    /// <returns>The client's end.</returns>
    public Stream Connect()
    {
        var (server, client) = DuplexStream.CreatePair();
        _engine.Serve(server);
        return client;
    }

    /// <summary>Serves one client over a connection of the program's own.</summary>
    /// <param name="connection">The server's end, in both directions; closed at the end.</param>
    /// <returns>Completes when the client has left, or the server has stopped.</returns>
    public Task ServeAsync(Stream connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Serve(new PipeTransport(PipeReader.Create(connection), PipeWriter.Create(connection), "a stream"), ended.SetResult);
        return ended.Task;
    }

    /// <summary>
    /// Stops: nobody gets in any more, requests in flight are answered as long as they end within <see cref="NbdServerOptions.StopGrace"/> and are
    /// cut off then, every connection is closed, and the disk, unless it is to be left open, is disposed. A disk that does not come back from a
    /// request even then is left behind. Sockets are removed from the file system.
    /// </summary>
    /// <returns>Completes when everything is closed, for everyone who calls it.</returns>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Completion;
    }

    /// <summary>Stops, if that has not been done.</summary>
    public ValueTask DisposeAsync() => new(StopAsync());

    private static async Task<NbdServer> StartAsync(
        Func<ChainBuilder, ValueTask<DiskSource>> build, NbdServerOptions options, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // Without a timer it holds nothing, and a component may ask for the stop long after it.
        var stopping = new CancellationTokenSource();
#pragma warning restore CA2000
        var source = await build(new ChainBuilder(options.LoggerFactory, options.Time, () => _ = stopping.CancelAsync(), stopping.Token));
        PrivateSocket? privateSocket = null;
        NbdServer server;
        try
        {
            var tls = options.Tls?.Load();
            privateSocket = options.Addresses is null ? PrivateSocket.Create() : null;
            options = options with { TlsSupport = tls, Addresses = options.Addresses ?? [new UnixListenAddress(privateSocket!.Path)] };
            server = new NbdServer(new ServerEngine(source, options, options.LoggerFactory, options.Time), options, privateSocket, stopping);
        }
        catch
        {
            privateSocket?.Dispose();
            await source.DisposeAsync();
            throw;
        }

        await server.OpenAsync(source, cancellationToken);
        return server;
    }

    private async Task OpenAsync(DiskSource source, CancellationToken cancellationToken)
    {
        _stopping.Token.UnsafeRegister(_ => Task.Run(CloseAsync), null);
        try
        {
            await _engine.BindAsync(cancellationToken);
            await source.StartedAsync(cancellationToken);
            _engine.StartAccepting();
        }
        catch
        {
            await _stopping.CancelAsync();
            await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            RemoveSockets();
            await _engine.StopAsync();
            _privateSocket?.Dispose();
            _stopped.SetResult();
        }
        catch (Exception e)
        {
            _stopped.SetException(e);
        }
    }

    // Only what was asked for and bound; as long as we listen there, nobody else does.
    private void RemoveSockets()
    {
        foreach (var address in Addresses.OfType<UnixListenAddress>().Where(_addresses.Contains))
        {
            File.Delete(address.Path);
        }
    }
}

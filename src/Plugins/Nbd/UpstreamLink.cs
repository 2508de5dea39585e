using System.Runtime.CompilerServices;
using SharpNbd.Abstractions;
using SharpNbd.Client;

namespace SharpNbd.Plugins;

/// <summary>
/// A connection to the server that is made again when it was lost, where that is wanted. A request is answered only when the server has
/// answered it: those that a lost connection leaves open are made again.
/// </summary>
internal sealed class UpstreamLink : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly UpstreamTarget _target;
    private readonly NbdClientOptions _options;
    private readonly UpstreamStability _stability;
    private readonly ComponentContext _context;
    private readonly uint _retries;
    private readonly SemaphoreSlim _connecting = new(1);
    private volatile NbdClient _client;
    private Exception? _failure;
    private int _failures;

    private UpstreamLink(
        UpstreamTarget target, NbdClientOptions options, uint retries, UpstreamStability stability, ComponentContext context, NbdClient client)
        => (_target, _options, _retries, _stability, _context, _client, Export)
            = (target, options, target.IsOnce ? 0 : retries, stability, context, client, client.Export);

    /// <summary>What was opened, and is the same after every new connection.</summary>
    public NbdExport Export { get; }

    /// <summary>The connection is there, or can be made again.</summary>
    public bool IsUsable => _retries > 0 || _client.IsConnected;

    /// <summary>Connects for the first time.</summary>
    /// <exception cref="NbdConnectionException">The server cannot be reached or refuses.</exception>
    public static async Task<UpstreamLink> OpenAsync(
        UpstreamTarget target, NbdClientOptions options, uint retries, UpstreamStability stability, ComponentContext context, CancellationToken cancellationToken)
    {
        var client = await ConnectAsync(target, options, retries, context, cancellationToken);
        context.Logger.UpstreamOpened(client.Export.Protocol, client.Export.Name, client.Size);
        return new UpstreamLink(target, options, retries, stability, context, client);
    }

    /// <summary>Makes a request.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="isLater">More requests follow, and then <see cref="Send"/>.</param>
    /// <param name="isWatched">The token gives up this request; otherwise only a new connection, for <see cref="Abort"/> gives up all requests.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    public ValueTask RunAsync(in UpstreamRequest request, bool isLater, bool isWatched, CancellationToken cancellationToken)
    {
        var client = _client;
        var (mark, failures) = (_stability.Mark, Volatile.Read(ref _failures));
        var call = request.Send(client, isLater, isWatched ? cancellationToken : CancellationToken.None);
        return _retries == 0 ? call : WatchAsync(request, client, call, mark, failures, cancellationToken);
    }

    /// <summary>Sends what was made for later.</summary>
    /// <param name="wait">Whether it may wait for the server.</param>
    public void Send(bool wait) => _client.Send(wait);

    /// <summary>Ends the connection; what is in flight fails like this.</summary>
    public void Abort(Exception reason) => _client.Abort(reason);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connecting.Dispose();
        return _client.DisposeAsync();
    }

    private static async Task<NbdClient> ConnectAsync(
        UpstreamTarget target, NbdClientOptions options, uint retries, ComponentContext context, CancellationToken cancellationToken)
    {
        for (uint attempt = 1; ; attempt++)
        {
            try
            {
                return await target.ConnectAsync(options, cancellationToken);
            }
            catch (NbdConnectionException e) when (attempt <= retries && !target.IsOnce)
            {
                context.Logger.AttemptFailed(attempt, retries + 1, e.Message);
            }

            await Task.Delay(Pause, context.Time, cancellationToken);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WatchAsync(
        UpstreamRequest request, NbdClient client, ValueTask call, long mark, int failures, CancellationToken cancellationToken)
    {
        // A request that ends every connection it is sent over must not be sent for ever.
        for (uint attempt = 0; ; attempt++)
        {
            try
            {
                await call.ConfigureAwait(false);
                break;
            }
            catch (NbdConnectionException e) when (attempt <= _retries)
            {
                client = await ReconnectAsync(client, e, failures, cancellationToken).ConfigureAwait(false);
            }

            (mark, failures) = (_stability.Mark, Volatile.Read(ref _failures));
            call = request.Send(client, isLater: false, cancellationToken);
        }

        if (request.LeavesUnstable)
        {
            _stability.Written();
        }
        else if (request.Operation == UpstreamRequest.Kind.Flush)
        {
            _stability.Flushed(mark);
        }
    }

    /// <summary>Makes a new connection in the place of a lost one, once for all requests that were lost with it.</summary>
    private async Task<NbdClient> ReconnectAsync(NbdClient lost, Exception cause, int failures, CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            if (_client != lost)
            {
                return _client;
            }

            if (_failures != failures)
            {
                // It has been tried since this request began; trying for each of them again would take minutes.
                throw new NbdException(NbdError.EIO, _failure!.Message, _failure) { IsLogged = true };
            }

            _context.Logger.UpstreamLost(cause.Message);
            _stability.Lost();
            await lost.DisposeAsync();
            var fresh = await ConnectAsync(_target, _options, _retries, _context, cancellationToken);
            await CheckSameAsync(fresh);
            _context.Logger.UpstreamBack();
            return _client = fresh;
        }
        catch (NbdConnectionException e)
        {
            // One line tells of it, and not one for each request that was lost.
            _context.Logger.UpstreamGone(e.Message);
            _failure = e;
            _failures++;
            throw new NbdException(NbdError.EIO, $"the upstream server is lost: {e.Message}", e) { IsLogged = true };
        }
        finally
        {
            _connecting.Release();
        }
    }

    // The client was told what the export is like, and keeps to it.
    private async Task CheckSameAsync(NbdClient fresh)
    {
        var (was, now) = (Comparable(Export), Comparable(fresh.Export));
        if (was == now)
        {
            return;
        }

        await fresh.DisposeAsync();
        throw new NbdConnectionException(was.Size != now.Size
            ? $"the upstream server's export has {now.Size} bytes now, and had {was.Size}"
            : "the upstream server's export is not like it was before");
    }

    private static NbdExport Comparable(NbdExport export) => export with { Description = null, Protocol = "", Name = "" };
}

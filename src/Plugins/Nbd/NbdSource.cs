using SharpNbd.Abstractions;
using SharpNbd.Client;

namespace SharpNbd.Plugins;

/// <summary>The server, to which every client gets a connection of its own, or all get the same.</summary>
internal sealed class NbdSource : DiskSource
{
    // A little sooner than the engine itself gives up waiting for requests.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3.5);

    private readonly NbdOptions _options;
    private readonly UpstreamTarget _target;
    private readonly ComponentContext _context;
    private readonly NbdClientOptions _clientOptions;
    private readonly bool _isShared;
    private readonly UpstreamStability _stability = new();
    private readonly SemaphoreSlim _opening = new(1);
    private readonly CancellationTokenRegistration _stopping;
    private UpstreamLink? _shared;
    private ITimer? _cut;

    public NbdSource(NbdOptions options, UpstreamTarget target, ComponentContext context)
    {
        (_options, _target, _context) = (options, target, context);
        _isShared = options.Shared ?? (options is not { Command: null, SocketDescriptor: null });
        _clientOptions = new NbdClientOptions
        {
            ExportName = target.Uri is { ExportName.Length: > 0 } uri ? uri.ExportName : options.Export ?? "",
            Tls = UpstreamTls.Of(options, target.Uri?.Tls),
            RunContinuationsInline = true,
            Lost = options.Retry > 0 && !target.IsOnce ? null : Lost,
        };
        _stopping = context.Stopping.UnsafeRegister(static source => ((NbdSource)source!).BeginStopping(), this);
    }

    public override async ValueTask StartedAsync(CancellationToken cancellationToken)
    {
        if (_isShared)
        {
            try
            {
                await OpenSharedAsync(cancellationToken);
            }
            catch (NbdConnectionException e)
            {
                throw new ParameterException(e.Message);
            }
        }
    }

    public override async ValueTask<string> GetDefaultExportAsync(ListRequest request, CancellationToken cancellationToken)
    {
        if (!_options.DynamicExport)
        {
            return _clientOptions.ExportName;
        }

        try
        {
            return (await _target.DescribeAsync(_clientOptions with { ExportName = "" }, cancellationToken))?.Name ?? "";
        }
        catch (NbdConnectionException)
        {
            // Without a default export there may still be others.
            return "";
        }
    }

    public override async ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
    {
        if (!_options.DynamicExport)
        {
            return [new ExportInfo(_clientOptions.ExportName)];
        }

        try
        {
            return await _target.ListAsync(_clientOptions with { ExportName = "" }, cancellationToken);
        }
        catch (NbdConnectionException e)
        {
            throw Failure(e);
        }
    }

    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var link = _isShared
                ? await OpenSharedAsync(cancellationToken)
                : await UpstreamLink.OpenAsync(
                    _target, _options.DynamicExport ? _clientOptions with { ExportName = request.ExportName } : _clientOptions,
                    _options.Retry, _stability, _context, cancellationToken);
            return new NbdDisk(link, _isShared, _stability, request);
        }
        catch (NbdConnectionException e)
        {
            throw Failure(e);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync();
        _cut?.Dispose();
        if (_shared is not null)
        {
            await _shared.DisposeAsync();
        }

        await _target.DisposeAsync();
        _opening.Dispose();
    }

    // One line tells of it, and not one for each request that comes afterwards.
    private NbdException Lost(NbdConnectionException reason)
    {
        _context.Logger.UpstreamLost(reason.Message);
        return new NbdException(NbdError.EIO, $"the upstream server is lost: {reason.Message}", reason) { IsLogged = true };
    }

    // Its own clients are told which of the two it was: nothing there, or nothing there of this name.
    private static NbdException Failure(NbdConnectionException e) => new(e.IsRefusal ? NbdError.EINVAL : NbdError.EIO, e.Message, e);

    private async Task<UpstreamLink> OpenSharedAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            _shared ??= await UpstreamLink.OpenAsync(_target, _clientOptions, _options.Retry, _stability, _context, cancellationToken);
            return _shared.IsUsable ? _shared : throw new NbdConnectionException("the connection to the upstream server, which all clients share, was lost");
        }
        finally
        {
            _opening.Release();
        }
    }

    // Requests have a few seconds to end; then one that the server never answers must not hold up our end.
    private void BeginStopping()
        => _cut = _context.Time.CreateTimer(
            static source => ((NbdSource)source!)._shared?.Abort(new OperationCanceledException("the server stops")),
            this, StopPatience, Timeout.InfiniteTimeSpan);
}

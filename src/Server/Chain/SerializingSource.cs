using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Keeps the promise of a thread model below <see cref="ThreadModel.Parallel"/>: in front of the whole chain, it lets calls in
/// one at a time, for each connection by itself or over all of them.
/// </summary>
internal sealed class SerializingSource : SourceFilter
{
    // Null where each connection has its own turnstile.
    private readonly Turnstile? _calls;

    // Null where connections do not wait for each other.
    private readonly Turnstile? _connections;

    /// <summary>Stands in front of a chain.</summary>
    /// <param name="inner">The outermost filter or the plugin.</param>
    /// <param name="threadModel">The model of the chain, below parallel.</param>
    public SerializingSource(DiskSource inner, ThreadModel threadModel)
        : base(inner)
    {
        ThreadModel = threadModel;
        _calls = threadModel <= ThreadModel.SerializeAllRequests ? new Turnstile() : null;
        _connections = threadModel == ThreadModel.SerializeConnections ? new Turnstile() : null;
    }

    /// <inheritdoc/>
    public override ThreadModel ThreadModel { get; }

    /// <inheritdoc/>
    public override async ValueTask PreconnectAsync(ListRequest request, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        await Inner.PreconnectAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<string> GetDefaultExportAsync(ListRequest request, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        return await Inner.GetDefaultExportAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(cancellationToken);
        return await Inner.ListExportsAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        // Held until the disk is closed; before the calls' turnstile, which the disk that has it needs in order to close.
        Turnstile.Turn? connection = _connections is null ? null : await _connections.EnterAsync(cancellationToken);
        try
        {
            using var turn = await EnterAsync(cancellationToken);
            var disk = await Inner.OpenAsync(request, cancellationToken);
            return new SerializingDisk(disk, _calls ?? new Turnstile(), connection);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Inner.DisposeAsync();
        _calls?.Dispose();
        _connections?.Dispose();
    }

    private ValueTask<Turnstile.Turn?> EnterAsync(CancellationToken cancellationToken)
        => _calls is null ? new((Turnstile.Turn?)null) : EnterAsync(_calls, cancellationToken);

    private static async ValueTask<Turnstile.Turn?> EnterAsync(Turnstile calls, CancellationToken cancellationToken)
        => await calls.EnterAsync(cancellationToken);
}

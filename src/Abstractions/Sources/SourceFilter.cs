namespace SharpNbd.Abstractions;

/// <summary>A source in front of another one. Everything passes through; a filter overrides what it changes.</summary>
/// <param name="inner">The next source towards the plugin; disposed with this one.</param>
public abstract class SourceFilter(DiskSource inner) : DiskSource
{
    /// <summary>The next source towards the plugin.</summary>
    protected DiskSource Inner { get; } = inner;

    /// <summary>The inner source's; a filter may only make it more serialised.</summary>
    public override ThreadModel ThreadModel => Inner.ThreadModel;

    /// <inheritdoc/>
    public override ValueTask ReadyAsync(ThreadModel threadModel, CancellationToken cancellationToken)
        => Inner.ReadyAsync(threadModel, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask EnteredBackgroundAsync(CancellationToken cancellationToken)
        => Inner.EnteredBackgroundAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask StartedAsync(CancellationToken cancellationToken) => Inner.StartedAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask PreconnectAsync(ListRequest request, CancellationToken cancellationToken)
        => Inner.PreconnectAsync(request, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<string> GetDefaultExportAsync(ListRequest request, CancellationToken cancellationToken)
        => Inner.GetDefaultExportAsync(request, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
        => Inner.ListExportsAsync(request, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
        => Inner.OpenAsync(request, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => Inner.DisposeAsync();
}

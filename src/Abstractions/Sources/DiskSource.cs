namespace SharpNbd.Abstractions;

/// <summary>
/// A configured plugin, or a filter in front of one: lives as long as the server and is shared by all connections. Opens a
/// <see cref="Disk"/> for each of them. Its members may be called by several connections at once.
/// </summary>
public abstract class DiskSource : IAsyncDisposable
{
    /// <summary>How many calls the disks take at once. Asked once, before the first connection.</summary>
    public virtual ThreadModel ThreadModel => ThreadModel.Parallel;

    /// <summary>
    /// Called once when everything is configured and before the server listens; a failure ends the start.
    /// </summary>
    /// <param name="threadModel">The model of the whole chain.</param>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    public virtual ValueTask ReadyAsync(ThreadModel threadModel, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Called once behind <see cref="ReadyAsync"/> when the server runs in the background, where it stays, or beside a <c>--run</c>
    /// command.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    public virtual ValueTask EnteredBackgroundAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Called once when the sockets are bound, in the process that stays, right before the first client is let in; a failure ends the
    /// start.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    public virtual ValueTask StartedAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Called when a client has connected, before anything is said to it; a failure drops the client.</summary>
    /// <param name="request">What is known of the connection.</param>
    /// <param name="cancellationToken">Cancelled when the client is gone.</param>
    public virtual ValueTask PreconnectAsync(ListRequest request, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The name that stands for the default export ""; "" unless overridden.</summary>
    /// <param name="request">What is known of the connection.</param>
    /// <param name="cancellationToken">Cancelled when the client is gone.</param>
    public virtual ValueTask<string> GetDefaultExportAsync(ListRequest request, CancellationToken cancellationToken) => new("");

    /// <summary>The exports that NBD_OPT_LIST shows: the default one unless overridden.</summary>
    /// <param name="request">What is known of the connection.</param>
    /// <param name="cancellationToken">Cancelled when the client is gone.</param>
    public virtual ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
        => new([new ExportInfo("")]);

    /// <summary>Opens an export for a connection.</summary>
    /// <param name="request">Which export, and how.</param>
    /// <param name="cancellationToken">Cancelled when the client is gone.</param>
    /// <returns>The disk, ready for use; the caller disposes it.</returns>
    /// <exception cref="NbdException">There is no such export, or it cannot be opened; the sentence reaches the client.</exception>
    public abstract ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken);

    /// <summary>Called once when the server ends and every disk is closed.</summary>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

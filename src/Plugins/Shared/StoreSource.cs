using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens disks over one store, which all connections share.</summary>
/// <param name="store">The store; given back when the server ends.</param>
internal sealed class StoreSource(ByteStore store) : DiskSource
{
    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new StoreDisk(store));

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        store.Dispose();
        return ValueTask.CompletedTask;
    }
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk that is locked as long as it is open.</summary>
internal sealed class OndemandDisk : DiskFilter
{
    private readonly FileLock? _lock;

    /// <summary>Serves a file.</summary>
    /// <param name="inner">The file.</param>
    /// <param name="guard">The lock, or null where clients share the disk.</param>
    public OndemandDisk(FileDisk inner, FileLock? guard)
        : base(inner)
    {
        _lock = guard;
        Capabilities = inner.Capabilities with { CanMultiConn = guard is null };
    }

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities { get; }

    /// <inheritdoc/>
    protected override bool PassesReads => true;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        // In this order: whoever gets the lock next sees everything that was written.
        await Inner.DisposeAsync();
        _lock?.Dispose();
    }
}

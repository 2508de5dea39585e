using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens disks of no bytes.</summary>
internal sealed class ZeroSource : DiskSource
{
    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new ZeroDisk());
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens full disks of one size.</summary>
internal sealed class FullSource(long size) : DiskSource
{
    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new FullDisk(size));
}

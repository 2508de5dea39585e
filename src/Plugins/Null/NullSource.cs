using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens empty disks of one size.</summary>
internal sealed class NullSource(long size) : DiskSource
{
    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new NullDisk(size));
}

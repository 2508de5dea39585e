using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens pattern disks of one size.</summary>
internal sealed class PatternSource(long size) : DiskSource
{
    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new PatternDisk(size));
}

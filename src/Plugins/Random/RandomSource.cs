using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens random disks that all hold the same.</summary>
internal sealed class RandomSource(long size, ulong seed) : DiskSource
{
    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new RandomDisk(size, seed));
}

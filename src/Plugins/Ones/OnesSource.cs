using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens disks of one size and one byte.</summary>
internal sealed class OnesSource(long size, byte value) : DiskSource
{
    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new OnesDisk(size, value));
}

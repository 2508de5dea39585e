using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Stands directly in front of the plugin and gives its disks what they lack, see <see cref="EmulatingDisk"/>.</summary>
internal sealed class EmulatingSource(DiskSource inner) : SourceFilter(inner)
{
    /// <inheritdoc/>
    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        var disk = await Inner.OpenAsync(request, cancellationToken);
        return new EmulatingDisk(disk, request.ReadOnly);
    }
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens the files for each connection.</summary>
internal sealed class SplitSource(PartFiles files) : DiskSource
{
    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        var parts = files.Open(request.ReadOnly);

        // Flush is not among it, as in nbdkit.
        var capabilities = new DiskCapabilities
        {
            CanWrite = parts.All(part => part.Capabilities.CanWrite),
            CanExtents = parts.Any(part => part.Capabilities.CanExtents),
            Cache = parts.All(part => part.Capabilities.Cache == Support.Native) ? Support.Native : Support.None,
        };
        return new(new JoinedDisk(parts, capabilities));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        files.Dispose();
        return ValueTask.CompletedTask;
    }
}

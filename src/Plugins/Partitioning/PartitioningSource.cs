using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Opens the files for each connection and puts the table around them.</summary>
/// <param name="files">The files.</param>
/// <param name="layout">Where they lie on the disk.</param>
internal sealed class PartitioningSource(PartFiles files, PartitionedLayout layout) : DiskSource
{
    /// <inheritdoc/>
    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        var opened = files.Open(request.ReadOnly);
        try
        {
            CheckSizes(opened);
            return new JoinedDisk([.. layout.Surround(opened)], new DiskCapabilities
            {
                CanWrite = opened.All(file => file.Capabilities.CanWrite),
                CanFlush = true,
                Fua = Support.Native,
                Cache = Support.Emulated,
                CanExtents = true,
                CanMultiConn = true,
            });
        }
        catch
        {
            foreach (var file in opened)
            {
                await file.DisposeAsync();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        files.Dispose();
        return ValueTask.CompletedTask;
    }

    private void CheckSizes(FileDisk[] opened)
    {
        foreach (var (file, partition) in opened.Zip(layout.Partitions))
        {
            if (file.Size != partition.Size)
            {
                throw new NbdException(
                    NbdError.EIO, $"{partition.Name} had {partition.Size} bytes when the server started and has {file.Size}; the partition table is no longer right");
            }
        }
    }
}

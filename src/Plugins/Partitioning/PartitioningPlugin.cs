using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Puts a partition table around files.</summary>
public sealed class PartitioningPlugin : Plugin<PartitioningOptions>
{
    /// <inheritdoc/>
    public override string Name => "partitioning";

    /// <inheritdoc/>
    public override string Summary => "Files as the partitions of a disk, with a partition table in front";

    /// <inheritdoc/>
    public override DiskOperations Operations => DiskOperations.Write | DiskOperations.Flush | DiskOperations.Extents | DiskOperations.MultiConn;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(
        PartitioningOptions options, ComponentContext context, CancellationToken cancellationToken)
    {
        var files = new PartFiles(options.Files, context.Logger);
        try
        {
            return new(new PartitioningSource(files, PartitionedLayout.Of(options, files.Sizes())));
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }
}

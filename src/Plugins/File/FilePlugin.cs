using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Serves a file or a block device, or the files of a directory.</summary>
public sealed class FilePlugin : Plugin<FileOptions>
{
    /// <inheritdoc/>
    public override string Name => "file";

    /// <inheritdoc/>
    public override string Summary => "file or block device, or the files of a directory";

    /// <inheritdoc/>
    public override DiskOperations Operations
        => DiskOperations.Write | DiskOperations.Flush | DiskOperations.MultiConn | DiskOperations.ListExports
            | (Libc.IsAvailable ? DiskOperations.Trim | DiskOperations.Zero | DiskOperations.Cache | DiskOperations.Extents : DiskOperations.None);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Facts => !Libc.IsAvailable ? [] :
    [
        new("file_blksszget", "yes"),
        new("file_blkzeroout", "yes"),
        new("file_falloc_fl_punch_hole", "yes"),
        new("file_falloc_fl_zero_range", "yes"),
    ];

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(FileOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new FileSource(FileLocation.Of(options), options.Cache, context.Logger));
}

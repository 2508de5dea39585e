using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Serves directories as a disk with a FAT file system, without copying them.</summary>
public sealed class FloppyPlugin : Plugin<FloppyOptions>
{
    /// <inheritdoc/>
    public override string Name => "floppy";

    /// <inheritdoc/>
    public override string Summary => "Directories as a disk with a FAT file system, files read on demand";

    /// <inheritdoc/>
    public override DiskOperations Operations => DiskOperations.Extents | DiskOperations.MultiConn;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(FloppyOptions options, ComponentContext context, CancellationToken cancellationToken)
    {
        var files = new SourceFiles();
        var tree = new FloppyScanner(files, context.Logger).Scan(options.Directories, cancellationToken);
        files.Trim();
        return new(new LayoutSource(FloppyImage.Build(tree, options), files, context.Logger));
    }
}

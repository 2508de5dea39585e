using System.Runtime.CompilerServices;
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
        var layout = LayOut(files, options, context, cancellationToken);

        // Of a large tree this gives back more than the disk keeps.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return new(new LayoutSource(layout, files, context.Logger));
    }

    // By itself, so that nothing on the stack holds the tree when it has been laid out.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static VirtualLayout LayOut(SourceFiles files, FloppyOptions options, ComponentContext context, CancellationToken cancellationToken)
    {
        var tree = new FloppyScanner(files, context.Logger).Scan(options.Directories, cancellationToken);
        files.Trim();
        return FloppyImage.Build(tree, options);
    }
}

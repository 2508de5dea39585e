using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A new disk for each connection, gone with it.</summary>
public sealed class TmpdiskPlugin : Plugin<TmpdiskOptions>
{
    /// <inheritdoc/>
    public override string Name => "tmpdisk";

    /// <inheritdoc/>
    public override string Summary => "New empty file system for each connection, gone with it";

    /// <inheritdoc/>
    public override DiskOperations Operations => DiskOperations.Write | DiskOperations.Flush | DiskOperations.Trim | DiskOperations.Zero
        | DiskOperations.Cache | DiskOperations.Extents;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(TmpdiskOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new TmpdiskSource(
            new DiskMaker(new DiskRecipe(options.Size.Value, options.Type, options.Label, options.Command, options.Others)), context.Logger));
}

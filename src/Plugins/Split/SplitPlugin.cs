using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Serves files one behind the other as one disk.</summary>
public sealed class SplitPlugin : Plugin<SplitOptions>
{
    /// <inheritdoc/>
    public override string Name => "split";

    /// <inheritdoc/>
    public override string Summary => "Files one behind the other as one disk";

    /// <inheritdoc/>
    public override DiskOperations Operations
        => DiskOperations.Write | (Libc.IsAvailable ? DiskOperations.Cache | DiskOperations.Extents : DiskOperations.None);

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(SplitOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new SplitSource(new PartFiles(options.Files, context.Logger)));
}

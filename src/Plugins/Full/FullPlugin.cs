using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk on which nothing finds room.</summary>
public sealed class FullPlugin : Plugin<FullOptions>
{
    /// <inheritdoc/>
    public override string Name => "full";

    /// <inheritdoc/>
    public override string Summary => "Full disk: reads as zeroes, every change fails for want of space";

    /// <inheritdoc/>
    public override DiskOperations Operations => FullDisk.Operations;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(
        FullOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new FullSource(options.Size.Value));
}

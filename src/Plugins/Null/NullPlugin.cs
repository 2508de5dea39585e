using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk that reads as zeroes and forgets what is written.</summary>
public sealed class NullPlugin : Plugin<NullOptions>
{
    /// <inheritdoc/>
    public override string Name => "null";

    /// <inheritdoc/>
    public override string Summary => "Bit bucket: reads as zeroes, forgets what is written";

    /// <inheritdoc/>
    public override DiskOperations Operations => NullDisk.Operations;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(
        NullOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new NullSource(options.Size.Value));
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk of random data.</summary>
public sealed class RandomPlugin : Plugin<RandomOptions>
{
    /// <inheritdoc/>
    public override string Name => "random";

    /// <inheritdoc/>
    public override string Summary => "Random data, the same for the same seed; a write must match it";

    /// <inheritdoc/>
    public override DiskOperations Operations => RandomDisk.Operations;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(
        RandomOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new RandomSource(options.Size.Value, options.Seed ?? RandomContent.NewSeed()));
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk of random runs of data and holes.</summary>
public sealed class SparseRandomPlugin : Plugin<SparseRandomOptions>
{
    /// <inheritdoc/>
    public override string Name => "sparse-random";

    /// <inheritdoc/>
    public override string Summary => "Runs of random data and holes, like the disk of a virtual machine; a write must match it";

    /// <inheritdoc/>
    public override DiskOperations Operations => SparseRandomDisk.Operations;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(
        SparseRandomOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new SparseRandomSource(options));
}

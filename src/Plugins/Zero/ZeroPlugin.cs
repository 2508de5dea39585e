using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk of length zero.</summary>
public sealed class ZeroPlugin : Plugin<ZeroOptions>
{
    /// <inheritdoc/>
    public override string Name => "zero";

    /// <inheritdoc/>
    public override string Summary => "Disk of no bytes at all";

    /// <inheritdoc/>
    public override DiskOperations Operations => DiskOperations.MultiConn;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(
        ZeroOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new ZeroSource());
}

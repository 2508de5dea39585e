using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A read-only disk in which every 8 bytes hold their own offset.</summary>
public sealed class PatternPlugin : Plugin<PatternOptions>
{
    /// <inheritdoc/>
    public override string Name => "pattern";

    /// <inheritdoc/>
    public override string Summary => "Fixed pattern for tests: every 8 bytes hold their own offset";

    /// <inheritdoc/>
    public override DiskOperations Operations => DiskOperations.MultiConn;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(
        PatternOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new PatternSource(options.Size.Value));
}

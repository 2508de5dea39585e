using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk whose bytes are all the same.</summary>
public sealed class OnesPlugin : Plugin<OnesOptions>
{
    /// <inheritdoc/>
    public override string Name => "ones";

    /// <inheritdoc/>
    public override string Summary => "Disk of one byte repeated, 0xff unless told otherwise; forgets what is written";

    /// <inheritdoc/>
    public override DiskOperations Operations => OnesDisk.Operations;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(
        OnesOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new OnesSource(options.Size.Value, (byte)options.Byte));
}

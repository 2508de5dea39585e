using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk that tells something about the connection it is read on.</summary>
public sealed class InfoPlugin : Plugin<InfoOptions>
{
    /// <inheritdoc/>
    public override string Name => "info";

    /// <inheritdoc/>
    public override string Summary => "Disk that tells about client or server: export name, address or time";

    /// <inheritdoc/>
    public override DiskOperations Operations => DiskOperations.MultiConn;

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string>> Facts => [new("info_address", "yes"), new("info_base64", "yes")];

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(InfoOptions options, ComponentContext context, CancellationToken cancellationToken)
        => new(new InfoSource(options.Mode, context.Time));
}

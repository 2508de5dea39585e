using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Passes everything on to another NBD server.</summary>
public sealed class NbdPlugin : Plugin<NbdOptions>
{
    /// <inheritdoc/>
    public override string Name => "nbd";

    /// <inheritdoc/>
    public override string Summary => "proxy to another NBD server";

    /// <inheritdoc/>
    public override DiskOperations Operations
        => DiskOperations.Write | DiskOperations.Flush | DiskOperations.Trim | DiskOperations.Zero | DiskOperations.Cache
            | DiskOperations.Extents | DiskOperations.MultiConn | DiskOperations.ListExports;

    /// <inheritdoc/>
    // The keys of nbdkit, for scripts that look at them. The client is our own and can do all of it everywhere, vsock on Linux.
    public override IEnumerable<KeyValuePair<string, string>> Facts =>
    [
        new("libnbd_tls", "1"),
        new("libnbd_uri", "1"),
        new("libnbd_vsock", OperatingSystem.IsLinux() ? "1" : "0"),
        new("libnbd_dynamic_list", "1"),
    ];

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(NbdOptions options, ComponentContext context, CancellationToken cancellationToken)
        => NetworkClients.AreBuiltIn ? new(new NbdSource(options, UpstreamTarget.Of(options, context.Logger), context)) : throw NetworkClients.Missing();
}

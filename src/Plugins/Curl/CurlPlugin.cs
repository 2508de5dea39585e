using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Serves a disk image that lies on a web server, read by ranges as the client asks for them.</summary>
public sealed class CurlPlugin : Plugin<CurlOptions>
{
    /// <inheritdoc/>
    public override string Name => "curl";

    /// <inheritdoc/>
    public override string Summary => "disk image on a web server (HTTP, HTTPS)";

    /// <inheritdoc/>
    public override DiskOperations Operations => DiskOperations.Write | DiskOperations.MultiConn;

    /// <inheritdoc/>
    protected override ValueTask<DiskSource> CreateAsync(CurlOptions options, ComponentContext context, CancellationToken cancellationToken)
        => NetworkClients.AreBuiltIn ? new(Create(options, context)) : throw NetworkClients.Missing();

    private static DiskSource Create(CurlOptions options, ComponentContext context)
    {
        var address = WebAddress.Parse(options.Url, options.Protocols);
        if (address.Uri.IsFile)
        {
            var location = FileLocation.Of(new FileOptions { File = new FilePath(address.Uri.LocalPath) });
            return new FileSource(location, FileCacheMode.Default, context.Logger);
        }

        CurlChecks.Check(options, address);
        return new CurlSource(options, address, context);
    }
}

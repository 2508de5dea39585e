using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// The web server and its connections, shared by all clients; opens the resource anew for each of them. Nothing of the HTTP client is made
/// before the first one comes.
/// </summary>
internal sealed class CurlSource : DiskSource
{
    private readonly WebAddress _address;
    private readonly ComponentContext _context;
    private readonly CookieStore _cookies;
    private readonly Lazy<WebClient> _client;
    private readonly WriteHistory _writes = new();
    private readonly TransferQueue _transfers;
    private readonly ReadAheadBudget _budget;
    private readonly int _connections;

    public CurlSource(CurlOptions options, WebAddress address, ComponentContext context)
    {
        (_address, _context, _connections) = (address, context, options.Connections);

        // Read now: later the server may have left its directory, and the user who could read the files.
        var trust = TlsTrust.Policy(options);
        _cookies = new CookieStore(options, address.Uri, context.Logger);
        _client = new Lazy<WebClient>(() => new WebClient(
            options,
            HttpHandlers.Create(options, trust, _cookies.Cookies),
            new RequestHeaders(options, address, context.Time),
            context.Time));
        _transfers = new TransferQueue(options.Connections);
        _budget = new ReadAheadBudget(2L * RangeReader.WindowOf(options.Connections));
    }

    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        var resource = await new ResourceProbe(_client.Value, _address).OpenAsync(_writes, cancellationToken);
        _context.Logger.Opened(_address.ForDisplay, resource.Facts.Size, resource.Facts.Validator.ToString());
        if (resource.Facts.Validator is { ETag: null, LastModified: null })
        {
            _context.Logger.NoValidator(_address.ForDisplay);
        }

        var reader = new RangeReader(resource, _transfers, _budget, _writes, _connections, _context.Time);
        return new CurlDisk(resource, reader, _transfers, request.ReadOnly, _cookies);
    }

    public override ValueTask DisposeAsync()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}

using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class CurlContractTests : DiskContract, IAsyncLifetime
{
    private readonly List<WebServer> _servers = [];

    // Each step is a request to a web server.
    protected override IReadOnlyList<int> Sizes { get; } = [(1 << 20) + 513, 4097, 1];

    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var content = new byte[size];
        random.NextBytes(content);
        var server = new WebServer(new WebFile([.. content]).Answer);
        _servers.Add(server);
        return new ContractSubject { Source = await PluginRunner.CreateAsync(new CurlPlugin(), $"url={server.Url()}"), Content = content };
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }
}

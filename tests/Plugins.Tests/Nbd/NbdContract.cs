using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>The contract suite over the plugin and a server behind it.</summary>
public abstract class NbdContract : DiskContract
{
    /// <summary>Parameters besides the socket.</summary>
    protected virtual string[] Parameters => [];

    protected override IReadOnlyList<int> Sizes { get; } = [(1 << 20) + 513, 4097, 1];

    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var content = new byte[size];
        random.NextBytes(content);
        var upstream = new ArraySource([.. content]);
        var server = await ListeningServer.StartAsync(upstream);
        return new ContractSubject
        {
            Source = await PluginRunner.CreateAsync(new NbdPlugin(), [$"socket={server.SocketPath}", .. Parameters]),
            Content = content,
            VerifyClosed = () =>
            {
                server.DisposeAsync().AsTask().GetAwaiter().GetResult();
                Assert.Equal((0, 1), (upstream.OpenCount, upstream.CloseCount));
            },
        };
    }
}

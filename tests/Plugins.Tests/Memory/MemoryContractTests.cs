using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class MemoryContractTests : DiskContract
{
    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random) => new()
    {
        Source = await PluginRunner.CreateAsync(new MemoryPlugin(), $"size={size}"),
        Content = new byte[size],
    };
}

using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class MallocContractTests : DiskContract
{
    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random) => new()
    {
        Source = await PluginRunner.CreateAsync(new MemoryPlugin(), $"size={size}", "allocator=malloc"),
        Content = new byte[size],
    };
}

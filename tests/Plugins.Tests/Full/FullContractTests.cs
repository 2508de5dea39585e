using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class FullContractTests : DiskContract
{
    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random) => new()
    {
        Source = new ReadOnlySource(await PluginRunner.CreateAsync(new FullPlugin(), $"size={size}")),
        Content = new byte[size],
    };
}

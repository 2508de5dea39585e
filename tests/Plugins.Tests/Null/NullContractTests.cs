using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class NullContractTests : DiskContract
{
    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random) => new()
    {
        Source = await PluginRunner.CreateAsync(new NullPlugin(), $"size={size}"),
        Content = new byte[size],
        KeepsWrites = false,
    };
}

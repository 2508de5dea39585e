using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class PatternContractTests : DiskContract
{
    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random) => new()
    {
        Source = await PluginRunner.CreateAsync(new PatternPlugin(), $"size={size}"),
        Content = [.. Enumerable.Range(0, size).Select(i => (byte)((ulong)(i & ~7) >> (8 * (7 - (i % 8)))))],
    };
}

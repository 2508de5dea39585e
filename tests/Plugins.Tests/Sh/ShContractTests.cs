using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

[Trait("Category", "Slow")]
public sealed class ShContractTests : DiskContract
{
    // Each call is two processes.
    protected override IReadOnlyList<int> Sizes => [4097];

    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var disk = new ScriptFileDisk(ContractContent.WithHoles(size, random));
        return new ContractSubject
        {
            Source = await PluginRunner.CreateAsync(new ShPlugin(), $"script={disk.WriteScript()}"),
            Content = disk.Content,
            VerifyClosed = disk.Remove,
        };
    }
}

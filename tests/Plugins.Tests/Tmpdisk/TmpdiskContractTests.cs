using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class TmpdiskContractTests : DiskContract
{
    // Small ones, for each connection copies the disk.
    protected override IReadOnlyList<int> Sizes => [65536 + 513, 1];

    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var directory = new TemporaryDirectory();
        var content = ContractContent.WithHoles(size, random);
        return new ContractSubject
        {
            Source = await PluginRunner.CreateAsync(new TmpdiskPlugin(), "size=0", $"base={directory.Write("base", content)}", "command=cp \"$base\" \"$disk\""),
            Content = content,
            VerifyClosed = directory.Dispose,
        };
    }
}

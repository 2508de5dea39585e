using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class OndemandContractTests : DiskContract
{
    protected override IReadOnlyList<int> Sizes => [65536 + 513, 1];

    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var directory = new TemporaryDirectory();
        var content = ContractContent.WithHoles(size, random);
        Directory.CreateDirectory(directory["exports"]);
        return new ContractSubject
        {
            Source = await PluginRunner.CreateAsync(
                new OndemandPlugin(), $"dir={directory["exports"]}", "size=0", "share=true", $"base={directory.Write("base", content)}", "command=cp \"$base\" \"$disk\""),
            Content = content,
            ExportName = "disk",
            VerifyClosed = directory.Dispose,
        };
    }
}

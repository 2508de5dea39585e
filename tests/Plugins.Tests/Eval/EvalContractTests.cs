using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

[Trait("Category", "Slow")]
public sealed class EvalContractTests : DiskContract
{
    // Each call is two processes.
    protected override IReadOnlyList<int> Sizes => [513];

    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var disk = new ScriptFileDisk(ContractContent.WithHoles(size, random));
        return new ContractSubject
        {
            Source = await PluginRunner.CreateAsync(new EvalPlugin(), [.. disk.Methods.Select(method => $"{method.Method}={method.Script}")]),
            Content = disk.Content,
            VerifyClosed = disk.Remove,
        };
    }
}

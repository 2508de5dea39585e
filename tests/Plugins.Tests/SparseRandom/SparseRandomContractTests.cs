using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>Against an instance of its own that is read in one go; short runs, so that there are many.</summary>
public sealed class SparseRandomContractTests : DiskContract
{
    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        string[] parameters =
        [
            $"size={size}", $"seed={random.NextInt64()}", "percent=50", "runlength=64K", $"random-content={(random.Next(2) == 0 ? "yes" : "no")}",
        ];
        await using var whole = await PluginRunner.OpenAsync(new SparseRandomPlugin(), parameters);
        return new ContractSubject
        {
            Source = new ReadOnlySource(await PluginRunner.CreateAsync(new SparseRandomPlugin(), parameters)),
            Content = await PluginRunner.ReadAllAsync(whole),
        };
    }
}

using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>Against an instance of its own that is read in one go.</summary>
public sealed class RandomContractTests : DiskContract
{
    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        string[] parameters = [$"size={size}", $"seed={random.NextInt64()}"];
        await using var whole = await PluginRunner.OpenAsync(new RandomPlugin(), parameters);
        return new ContractSubject
        {
            Source = new ReadOnlySource(await PluginRunner.CreateAsync(new RandomPlugin(), parameters)),
            Content = await PluginRunner.ReadAllAsync(whole),
        };
    }
}

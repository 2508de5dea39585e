using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>The image of a tree, whose content is what another image of the same tree was before.</summary>
public sealed class IsoContractTests : DiskContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>The size follows from the tree.</summary>
    protected override IReadOnlyList<int> Sizes { get; } = [1];

    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        for (var number = 0; number < 40; number++)
        {
            var content = new byte[random.Next(20_000)];
            random.NextBytes(content);
            _directory.Write($"file {number}", content);
        }

        string[] words = [$"dir={_directory.Path}", "params=-JR"];
        await using var before = await PluginRunner.OpenAsync(new IsoPlugin(), words);
        return new ContractSubject { Source = await PluginRunner.CreateAsync(new IsoPlugin(), words), Content = await PluginRunner.ReadAllAsync(before) };
    }

    public void Dispose() => _directory.Dispose();
}

using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>A disk in pieces of odd sizes, one of them empty.</summary>
public sealed class SplitContractTests : DiskContract, IDisposable
{
    private readonly List<TemporaryDirectory> _directories = [];

    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var directory = new TemporaryDirectory();
        _directories.Add(directory);
        var content = ContractContent.WithHoles(size, random);
        int[] cuts = [0, .. Enumerable.Range(0, 4).Select(_ => random.Next(size + 1)).Order(), size];
        cuts[2] = cuts[1];
        var files = cuts.Zip(cuts.Skip(1)).Select((piece, index) => directory.Write($"{index}", content.AsSpan(piece.First..piece.Second)));
        return new ContractSubject
        {
            Source = await PluginRunner.CreateAsync(new SplitPlugin(), [.. files.Select(file => $"file={file}")]),
            Content = content,
        };
    }

    public void Dispose() => _directories.ForEach(directory => directory.Dispose());
}

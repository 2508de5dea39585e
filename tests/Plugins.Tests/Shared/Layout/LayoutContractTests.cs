using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>Disks of many small regions of every kind, more files than are kept open at once.</summary>
public sealed class LayoutContractTests : DiskContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    protected override IReadOnlyList<int> Sizes { get; } = [(1 << 20) + 513, 4097, 1];

    protected override ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        var files = new SourceFiles();
        var builder = new LayoutBuilder();
        var content = ContractContent.WithHoles(size, random);
        while (builder.Position < size)
        {
            var start = (int)builder.Position;
            var piece = content.AsSpan(start, Math.Min(random.Next(1, 8000), size - start));
            switch (random.Next(4))
            {
                case 0:
                    piece.Clear();
                    builder.AddZeroes(piece.Length);
                    break;
                case 1:
                    builder.AddBytes(piece.ToArray());
                    break;
                default:
                    var before = random.Next(100);
                    var path = _directory.Write($"file{files.Count}", [.. new byte[before], .. piece, 1]);
                    builder.AddFile(files.AddFile(path, FileIdentities.Of(path)), before, piece.Length);
                    break;
            }
        }

        return new(new ContractSubject { Source = new LayoutSource(builder.Build(), files, NullLogger.Instance), Content = content });
    }

    public void Dispose() => _directory.Dispose();
}

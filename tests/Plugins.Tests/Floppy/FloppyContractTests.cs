using System.Security.Cryptography;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>Against another instance that is read in one go; what a file system makes of it is checked by real ones.</summary>
public sealed class FloppyContractTests : DiskContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    // A FAT12 file system of this size.
    protected override IReadOnlyList<int> Sizes { get; } = [1440 << 10, 360 << 10];

    protected override async ValueTask<ContractSubject> CreateAsync(int size, Random random)
    {
        for (var number = 0; number < 20; number++)
        {
            _directory.Write($"a file with number {number}", RandomNumberGenerator.GetBytes(random.Next(10_000)));
        }

        string[] parameters = [$"dir={_directory.Path}", $"size={size}", "mbr=no"];
        await using var whole = await PluginRunner.OpenAsync(new FloppyPlugin(), parameters);
        return new ContractSubject
        {
            Source = await PluginRunner.CreateAsync(new FloppyPlugin(), parameters),
            Content = await PluginRunner.ReadAllAsync(whole),
        };
    }

    public void Dispose() => _directory.Dispose();
}

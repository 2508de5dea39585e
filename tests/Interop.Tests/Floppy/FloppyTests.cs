using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Virtual floppies as the programs see them that know FAT.</summary>
public sealed class FloppyTests : IDisposable
{
    private const int PartitionStart = 1 << 20;

    private static readonly ToolOptions Utf8 = new() { Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8" } };

    private readonly FloppyTree _tree = new();
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("FAT (32 bit)")]
    [InlineData("FAT (32 bit)", "size=200M")]
    [InlineData("FAT (32 bit)", "size=1G", "label=a label")]
    [InlineData("FAT (16 bit)", "fat=16")]
    [InlineData("FAT (16 bit)", "fat=16", "size=100M", "label=")]
    [InlineData("FAT (12 bit)", "fat=12")]
    [InlineData("FAT (16 bit)", "size=20M")]
    [InlineData("FAT (16 bit)", "size=4100K", "mbr=no")]
    [InlineData("FAT (12 bit)", "fat=12", "size=5M", "mbr=no")]
    public async Task ThereIsNothingToRepairAndEveryFileIsThere(string kind, params string[] parameters)
    {
        var image = await CopyAsync(["floppy", _tree.Path, .. parameters]);
        var start = parameters.Contains("mbr=no") ? 0 : PartitionStart;

        await CheckAsync(image, start);
        await CheckFilesAsync(image, start, _tree.Path);
        Assert.Contains(kind.Replace("FAT (", "", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal),
            await FileSystemAsync(image, start), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARealFloppyHasTheGeometryOfOne()
    {
        Directory.CreateDirectory(_directory["tree"]);
        _directory.Write("tree/a file with a name", new byte[100_000]);
        var image = await CopyAsync("floppy", _directory["tree"], "size=1440K", "mbr=no");

        Assert.Equal(1440 << 10, new FileInfo(image).Length);
        await CheckAsync(image, 0);
        await CheckFilesAsync(image, 0, _directory["tree"]);
        var facts = await Tool.Require("minfo").OutputAsync("-i", image, "::");
        Assert.Contains("-t 80 -h 2 -s 18", facts, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyDirectoryIsAnEmptyDisk()
    {
        Directory.CreateDirectory(_directory["tree"]);
        var image = await CopyAsync("floppy", _directory["tree"], "label=");

        await CheckAsync(image, PartitionStart);
    }

    [Fact]
    public async Task SeveralDirectoriesAreMerged()
    {
        using var other = new FloppyTree();
        foreach (var file in Directory.GetFiles(other.Path, "*", SearchOption.AllDirectories))
        {
            File.Move(file, Path.Combine(Path.GetDirectoryName(file)!, "2" + Path.GetFileName(file)[1..]));
        }

        var image = await CopyAsync("floppy", $"dir={_tree.Path}", $"dir={other.Path}");

        await CheckAsync(image, PartitionStart);
        foreach (var (name, content) in FloppyTree.FilesOf(other.Path))
        {
            File.WriteAllBytes(Path.Combine(_tree.Path, name), content);
        }

        await CheckFilesAsync(image, PartitionStart, _tree.Path);
    }

    [Fact]
    public async Task TheDiskIsOnePartitionThatIsKnownForWhatItIs()
    {
        var image = await CopyAsync("floppy", _tree.Path, "label=SOMENAME");

        var disk = await Tool.Require("file").OutputAsync("-b", "-s", image);
        Assert.Contains("partition 1 : ID=0xc", disk, StringComparison.Ordinal);
        Assert.Contains("startsector 2048", disk, StringComparison.Ordinal);
        var volume = await FileSystemAsync(image, PartitionStart);
        Assert.Contains("label: \"SOMENAME   \"", volume, StringComparison.Ordinal);
        Assert.Contains("No errors detected", await Tool.Require("sfdisk").OutputAsync("--verify", image));
    }

    public void Dispose()
    {
        _tree.Dispose();
        _directory.Dispose();
    }

    private async Task<string> CopyAsync(params string[] arguments)
    {
        await using var server = await SharpNbdProgram.StartAsync(arguments);
        await Tool.Require("nbdcopy").OutputAsync(server.Uri, _directory["image"]);
        await server.StopAsync();
        return _directory["image"];
    }

    /// <summary>fsck.fat knows no offset, so the partition is cut out.</summary>
    private async Task<string> PartitionAsync(string image, int start)
    {
        if (start == 0)
        {
            return image;
        }

        await Tool.Require("dd").OutputAsync($"if={image}", $"of={_directory["partition"]}", "bs=1M", "skip=1", "conv=sparse", "status=none");
        return _directory["partition"];
    }

    private async Task CheckAsync(string image, int start)
    {
        var result = (await Tool.Require("fsck.fat").RunAsync("-n", await PartitionAsync(image, start))).Expect(0);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("fsck.fat ", lines[0], StringComparison.Ordinal);
        Assert.Matches("^[^:]+: [0-9]+ files, [0-9]+/[0-9]+ clusters$", lines[1]);
        Assert.Equal("", result.Error);
    }

    private async Task CheckFilesAsync(string image, int start, string directory)
    {
        var target = Path.Combine(_directory.Path, "copied");
        Directory.CreateDirectory(target);
        (await Tool.Require("mcopy").RunAsync(Utf8, "-s", "-n", "-i", $"{image}@@{start}", "::*", target)).Expect(0);

        var expected = FloppyTree.FilesOf(directory);
        var copied = FloppyTree.FilesOf(target);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), copied.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(copied[file.Key]), $"{file.Key} differs"));
        (await Tool.Require("mdir").RunAsync(Utf8, "-/", "-i", $"{image}@@{start}", "::")).Expect(0);
    }

    private async Task<string> FileSystemAsync(string image, int start)
        => await Tool.Require("file").OutputAsync("-b", "-s", await PartitionAsync(image, start));
}

using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class LinuxdiskPluginTests : IDisposable
{
    private const int PartitionOffset = 1 << 20;
    private const int TableBehind = 33 * 512;

    private readonly TemporaryDirectory _directory = new();
    private readonly TemporaryDirectory _work = new();

    public void Dispose()
    {
        _directory.Dispose();
        _work.Dispose();
    }

    [Theory]
    [InlineData("ext2")]
    [InlineData("ext3", "label=ROOTFS")]
    [InlineData("ext4", "size=+20M")]
    [InlineData("ext4", "size=32M")]
    public async Task TheFilesOfTheDirectoryAreInASoundFileSystem(string type, params string[] words)
    {
        Tool.Require("mke2fs");
        var content = new byte[3_000_000];
        new Random(1).NextBytes(content);
        _directory.Write("large", content);
        Directory.CreateDirectory(_directory["sub/deeper"]);
        File.WriteAllText(_directory["sub/deeper/hello"], "hello, world\n");
        for (var i = 0; i < 300; i++)
        {
            File.WriteAllText(_directory[$"sub/{i}"], "x");
        }

        File.CreateSymbolicLink(_directory["link"], "sub/deeper/hello");
        await using var disk = await PluginRunner.OpenAsync(new LinuxdiskPlugin(), [$"dir={_directory.Path}", $"type={type}", .. words]);
        var image = await PluginRunner.ReadAllAsync(disk);
        var path = _work.Write("filesystem", image.AsSpan(PartitionOffset, image.Length - PartitionOffset - TableBehind));

        (await Tool.Require("e2fsck").RunAsync("-f", "-n", path)).Expect(0);
        var debugfs = Tool.Require("debugfs");
        Assert.Equal("hello, world\n", await debugfs.OutputAsync("-R", "cat /sub/deeper/hello", path));
        await debugfs.OutputAsync("-R", $"dump /large {_work["large"]}", path);
        Assert.Equal(content, File.ReadAllBytes(_work["large"]));
        var facts = await debugfs.OutputAsync("-R", "stats", path);
        Assert.Equal(words is ["label=ROOTFS"], facts.Contains("ROOTFS", StringComparison.Ordinal));
        Assert.False(disk.Capabilities.CanWrite);
        if (words is ["size=32M"])
        {
            Assert.Equal((32 << 20) + PartitionOffset + TableBehind, disk.Size);
        }
    }

    [Fact]
    public async Task ThePartitionTableIsSound()
    {
        var sfdisk = Tool.Require("sfdisk");
        Tool.Require("mke2fs");
        await using var disk = await PluginRunner.OpenAsync(new LinuxdiskPlugin(), $"dir={_directory.Path}");
        var path = _work.Write("disk", await PluginRunner.ReadAllAsync(disk));

        Assert.Contains("No errors detected", await sfdisk.OutputAsync("--verify", path), StringComparison.Ordinal);
        var table = await sfdisk.OutputAsync("--dump", path);
        Assert.Contains("label: gpt", table, StringComparison.Ordinal);
        Assert.Contains($"start=        2048, size=", table, StringComparison.Ordinal);
        Assert.Contains("type=0FC63DAF-8483-4772-8E79-3D69D8477DE4", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no such directory", "dir=/nonexistent")]
    [InlineData("a size is", "dir=/", "size=+x")]
    [InlineData("one of ext2, ext3, ext4", "dir=/", "type=xfs")]
    public async Task WrongParametersAreNamed(string message, params string[] words)
    {
        var failure = await Assert.ThrowsAsync<ParameterException>(() => PluginRunner.CreateAsync(new LinuxdiskPlugin(), words).AsTask());
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesThatDoNotFitAreReported()
    {
        Tool.Require("mke2fs");
        _directory.Write("large", new byte[4 << 20].Select((_, i) => (byte)(i + 1)).ToArray());
        var failure = await Assert.ThrowsAsync<ParameterException>(
            () => PluginRunner.CreateAsync(new LinuxdiskPlugin(), $"dir={_directory.Path}", "size=2M").AsTask());
        Assert.StartsWith("the file system cannot be made: mke2fs: ", failure.Message, StringComparison.Ordinal);
    }
}

using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class PartitioningPluginTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>The sizes are those that nbdkit 1.32.5 gives.</summary>
    [Theory]
    [InlineData(1049600, 1000)]
    [InlineData(1066496, 1000, "partition-type=gpt")]
    [InlineData(103424, 100_000, "alignment=512", 1000, "alignment=4096")]
    public async Task TheDiskIsAsLargeAsInNbdkit(long expected, int size, string parameter = "", int second = 0, string secondParameter = "")
    {
        string[] parameters =
        [
            .. parameter.Length > 0 ? (string[])[parameter] : [],
            File("a", size),
            .. secondParameter.Length > 0 ? (string[])[secondParameter, File("b", second)] : [],
        ];
        await using var disk = await PluginRunner.OpenAsync(new PartitioningPlugin(), parameters);
        Assert.Equal(expected, disk.Size);
    }

    [Theory]
    [InlineData("partition-type=some", "mbr, gpt")]
    [InlineData("alignment=0", "multiple of 512")]
    [InlineData("alignment=100", "multiple of 512")]
    [InlineData("alignment=2G", "multiple of 512")]
    [InlineData("mbr-id=0x100", "a byte")]
    [InlineData("mbr-id=zz", "a byte")]
    [InlineData("type-guid=xx", "a GUID")]
    public Task WhatIsNoValueIsRefused(string parameter, string expected) => RefusesAsync(expected, parameter, File("a", 1000));

    [Fact]
    public Task AnEmptyFileIsNoPartition() => RefusesAsync("an empty file cannot be a partition", File("a", 0));

    [Fact]
    public Task MoreThanTwoTebibytesAreTooMuchForAnMbr()
        => RefusesAsync("which only partition-type=gpt can describe", Sparse("a", 1L << 41), "partition-type=mbr");

    [Fact]
    public async Task MoreThanTwoTebibytesGetAGptByThemselves()
    {
        await using var disk = await PluginRunner.OpenAsync(new PartitioningPlugin(), Sparse("a", 1L << 41));
        var signature = new byte[8];

        await disk.ReadAsync(512, signature, CancellationToken.None);

        Assert.Equal("EFI PART"u8.ToArray(), signature);
    }

    [Fact]
    public async Task TheTableAndWhatLiesBetweenCannotBeChangedButCopiedOntoThemselves()
    {
        await using var disk = await PluginRunner.OpenAsync(new PartitioningPlugin(), File("a", 1000), File("b", 512));
        var content = await PluginRunner.ReadAllAsync(disk);

        await disk.WriteAsync(0, content, WriteFlags.None, CancellationToken.None);
        await RefusesWriteAsync(disk, 0, new byte[512]);
        await RefusesWriteAsync(disk, 512, [1]);

        // Into the file and the rest of its last sector: refused as a whole, so that nothing of it is written.
        await RefusesWriteAsync(disk, (1 << 20) + 500, [.. Enumerable.Repeat((byte)'x', 501)]);
        Assert.Equal(content, await PluginRunner.ReadAllAsync(disk));
        await disk.WriteAsync((1 << 20) + 500, Enumerable.Repeat((byte)'x', 500).ToArray(), WriteFlags.Fua, CancellationToken.None);
        Assert.Equal([.. content.AsSpan(1 << 20, 500), .. Enumerable.Repeat((byte)'x', 500)], System.IO.File.ReadAllBytes(_directory["a"]));
    }

    [Fact]
    public async Task AFileThatHasGrownIsNotServedWithAWrongTable()
    {
        await using var source = await PluginRunner.CreateAsync(new PartitioningPlugin(), File("a", 1000));
        _directory.Write("a", new byte[1001]);

        var e = await Assert.ThrowsAsync<NbdException>(async () => await source.OpenAsync(new OpenRequest(), CancellationToken.None));

        Assert.Contains("a had 1000 bytes when the server started and has 1001", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSameFilesGiveTheSameTableAndOthersAnother()
    {
        string[] parameters = [File("a", 1000), "partition-type=gpt"];
        await using var once = await PluginRunner.OpenAsync(new PartitioningPlugin(), parameters);
        await using var again = await PluginRunner.OpenAsync(new PartitioningPlugin(), parameters);
        System.IO.File.Copy(_directory["a"], _directory["b"]);
        await using var other = await PluginRunner.OpenAsync(new PartitioningPlugin(), $"file={_directory["b"]}", "partition-type=gpt");

        Assert.Equal(await PluginRunner.ReadAllAsync(once), await PluginRunner.ReadAllAsync(again));
        Assert.NotEqual(await PluginRunner.ReadAllAsync(once), await PluginRunner.ReadAllAsync(other));
    }

    [Fact]
    public void TheChecksumIsTheWellKnownOne() => Assert.Equal(0xcbf43926, Crc32.Of("123456789"u8));

    public void Dispose() => _directory.Dispose();

    private string File(string name, int size)
    {
        var content = new byte[size];
        new Random(1).NextBytes(content);
        return $"file={_directory.Write(name, content)}";
    }

    private string Sparse(string name, long size)
    {
        using var file = System.IO.File.Create(_directory[name]);
        file.SetLength(size);
        return $"file={_directory[name]}";
    }

    private static async Task RefusesAsync(string expected, params string[] parameters)
    {
        var e = await Assert.ThrowsAsync<ParameterException>(async () => await PluginRunner.CreateAsync(new PartitioningPlugin(), parameters));
        Assert.Contains(expected, Assert.Single(e.Errors), StringComparison.Ordinal);
    }

    private static async Task RefusesWriteAsync(Disk disk, long offset, byte[] data)
        => Assert.Equal(
            NbdError.EIO,
            (await Assert.ThrowsAsync<NbdException>(async () => await disk.WriteAsync(offset, data, WriteFlags.None, CancellationToken.None))).Error);
}

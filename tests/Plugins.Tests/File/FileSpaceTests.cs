using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>Holes: where they are, how they are made, and where no way leads to them.</summary>
public sealed class FileSpaceTests : FileTest
{
    private const int Mebi = 1 << 20;

    [Fact]
    public async Task ExtentsTellDataFromHoles()
    {
        var path = Sparse(Directory["disk"], 4 * Mebi);
        await WriteInMiddleAsync(path);
        await using var disk = await OpenAsync(path);

        Assert.Equal(
            [
                new Extent(0, Mebi, ExtentFlags.Hole | ExtentFlags.Zero),
                new Extent(Mebi, 65536, ExtentFlags.Data),
                new Extent(Mebi + 65536, (3 * Mebi) - 65536, ExtentFlags.Hole | ExtentFlags.Zero),
            ],
            await ExtentsAsync(disk, 0, 4 * Mebi));
        Assert.Equal([new Extent(4096, Mebi - 4096, ExtentFlags.Hole | ExtentFlags.Zero)], await ExtentsAsync(disk, 4096, Mebi, firstOnly: true));
        Assert.Equal([new Extent(Mebi + 1, 65535, ExtentFlags.Data)], await ExtentsAsync(disk, Mebi + 1, 100, firstOnly: true));
    }

    [Fact]
    public async Task AFileThatGrewTellsNoMoreExtentsThanTheDiskHas()
    {
        var path = Full(Directory["disk"], 65536);
        await using var disk = await OpenAsync(path);
        Full(path, Mebi);

        Assert.Equal([new Extent(0, 65536, ExtentFlags.Data)], await ExtentsAsync(disk, 0, 65536));
    }

    [Fact]
    public async Task WhatATruncatedFileHasLostIsNotTakenForZeroes()
    {
        var path = Sparse(Directory["disk"], Mebi);
        await using var disk = await OpenAsync(path);
        Sparse(path, 65536);

        Assert.Equal(
            [new Extent(0, 65536, ExtentFlags.Hole | ExtentFlags.Zero), new Extent(65536, Mebi - 65536, ExtentFlags.Data)],
            await ExtentsAsync(disk, 0, Mebi));
    }

    [Fact]
    public async Task ATrimGivesSpaceBack()
    {
        var path = Full(Directory["disk"], Mebi);
        await using var disk = await OpenAsync(path);
        var before = await AllocatedAsync(path);

        await disk.TrimAsync(new ByteRange(65536, Mebi / 2), WriteFlags.Fua, CancellationToken.None);

        Assert.Equal(before - (Mebi / 2), await AllocatedAsync(path));
        Assert.Equal(Mebi, new FileInfo(path).Length);
    }

    [Fact]
    public async Task AZeroThatMayTrimGivesSpaceBackAndZeroesTheEdges()
    {
        var path = Full(Directory["disk"], Mebi);
        var expected = File.ReadAllBytes(path);
        expected.AsSpan(1000, Mebi / 2).Clear();
        await using var disk = await OpenAsync(path);
        var before = await AllocatedAsync(path);

        await disk.ZeroAsync(new ByteRange(1000, Mebi / 2), ZeroFlags.MayTrim | ZeroFlags.Fua, CancellationToken.None);

        Assert.True(await AllocatedAsync(path) <= before - (Mebi / 2) + 4096);
        Assert.Equal(expected, await ReadAsync(disk, 0, Mebi));
    }

    [Fact]
    public async Task AZeroThatMayNotTrimKeepsSpaceAndFillsHoles()
    {
        var path = Sparse(Directory["disk"], Mebi);
        await using var disk = await OpenAsync(path);

        await disk.ZeroAsync(new ByteRange(0, Mebi / 2), ZeroFlags.Fast, CancellationToken.None);

        Assert.True(await AllocatedAsync(path) >= Mebi / 2);
        Assert.All(await ReadAsync(disk, 0, Mebi), value => Assert.Equal(0, value));
    }

    [Fact]
    public async Task OnTmpfsAZeroThatMayNotTrimKeepsItsSpaceToo()
    {
        using var mount = MountedFileSystem.Tmpfs("4m");
        var path = Full(Path.Combine(mount.Path, "disk"), Mebi);
        await using var disk = await OpenAsync(path);

        await disk.ZeroAsync(new ByteRange(0, Mebi), ZeroFlags.None, CancellationToken.None);

        Assert.Equal(Mebi, await AllocatedAsync(path));
        Assert.All(await ReadAsync(disk, 0, Mebi), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(ZeroFlags.None)]
    [InlineData(ZeroFlags.Fast)]
    [InlineData(ZeroFlags.Fast | ZeroFlags.MayTrim)]
    public async Task WhereNothingButWritingZeroesTheAnswerIsNotSupportedAndNothingChanges(ZeroFlags flags)
    {
        using var mount = MountedFileSystem.Ramfs();
        var path = Full(Path.Combine(mount.Path, "disk"), 65536);
        var expected = File.ReadAllBytes(path);
        await using var disk = await OpenAsync(path);

        // The second time it is known and not tried.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            Assert.Equal(NbdError.ENOTSUP, await ErrorOfAsync(() => disk.ZeroAsync(new ByteRange(0, 4096), flags, CancellationToken.None)));
        }

        Assert.Equal(expected, await ReadAsync(disk, 0, 65536));
    }

    [Fact]
    public async Task WhereATrimIsNotPossibleItIsIgnored()
    {
        using var mount = MountedFileSystem.Ramfs();
        var path = Full(Path.Combine(mount.Path, "disk"), 65536);
        var expected = File.ReadAllBytes(path);
        await using var disk = await OpenAsync(path);

        await disk.TrimAsync(new ByteRange(0, 4096), WriteFlags.None, CancellationToken.None);

        Assert.Equal(expected, await ReadAsync(disk, 0, 65536));
    }

    [Theory]
    [InlineData(ZeroFlags.None)]
    [InlineData(ZeroFlags.MayTrim)]
    [InlineData(ZeroFlags.Fast | ZeroFlags.MayTrim)]
    public async Task ABlockDeviceZeroesAnyRange(ZeroFlags flags)
    {
        var path = Full(Directory["disk"], Mebi);
        var expected = File.ReadAllBytes(path);
        using var device = LoopDevice.Attach(path);
        await using var disk = await OpenAsync(device.Path);
        (long Offset, long Length)[] ranges = [(0, 512), (4096, 65536), (100_001, 3), (200_000, 1000), (300_001, 100_000), (Mebi - 700, 700)];

        foreach (var (offset, length) in ranges)
        {
            await disk.ZeroAsync(new ByteRange(offset, length), flags, CancellationToken.None);
            expected.AsSpan((int)offset, (int)length).Clear();
        }

        Assert.Equal(expected, await ReadAsync(disk, 0, Mebi));
    }

    [Fact]
    public async Task ATrimOfABlockDeviceReachesTheDeviceAndSparesItsNeighbours()
    {
        var path = Full(Directory["disk"], Mebi);
        var expected = File.ReadAllBytes(path);
        using var device = LoopDevice.Attach(path);
        await using var disk = await OpenAsync(device.Path);
        var before = await AllocatedAsync(path);

        await disk.TrimAsync(new ByteRange(65535, (Mebi / 2) + 2), WriteFlags.Fua, CancellationToken.None);

        Assert.Equal(before - (Mebi / 2), await AllocatedAsync(path));
        Assert.Equal(expected[..65536], await ReadAsync(disk, 0, 65536));
    }

    [Fact]
    public async Task ABlockDeviceHasItsSizeAndNoExtents()
    {
        using var device = LoopDevice.Attach(Sparse(Directory["disk"], Mebi));
        await using var disk = await OpenAsync(device.Path);

        Assert.Equal(Mebi, disk.Size);
        Assert.False(disk.Capabilities.CanExtents);
    }

    private static async Task WriteInMiddleAsync(string path)
    {
        await using var file = File.OpenWrite(path);
        file.Position = Mebi;
        await file.WriteAsync(new byte[65536]);
        file.Flush(flushToDisk: true);
    }
}

using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class SparseRandomPluginTests
{
    private const long Block = 32768;

    [Theory]
    [InlineData("10", "1M", 1 << 20)]
    [InlineData("50", "256K", 256 << 10)]
    [InlineData("90%", "4M", 4 << 20)]
    [InlineData("0.5", "32K", 32 << 10)]
    public async Task ShareAndLengthOfTheDataAreThoseThatWereAskedFor(string percent, string runLength, long expectedLength)
    {
        await using var disk = await OpenAsync("size=1T", "seed=1", $"percent={percent}", $"runlength={runLength}");

        var data = new List<long>();
        var covered = 0L;
        foreach (var extent in await ExtentsAsync(disk, 0, disk.Size))
        {
            covered = extent.End;
            if (extent.Flags == ExtentFlags.Data)
            {
                data.Add(extent.Length);
            }
        }

        // Thousands of runs, so a tenth is far beyond chance.
        var share = double.Parse(percent.TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture) / 100;
        Assert.InRange(data.Sum() / (double)covered, share * 0.9, share * 1.1);
        Assert.InRange(data.Average(), expectedLength * 0.9, expectedLength * 1.1);
        Assert.All(data, length => Assert.Equal(0, length % Block));
    }

    [Fact]
    public async Task WithShortRunsTheShareStillHolds()
    {
        await using var disk = await OpenAsync("size=4G", "seed=2", "percent=90", "runlength=1");

        var data = (await ExtentsAsync(disk, 0, disk.Size)).Where(extent => extent.Flags == ExtentFlags.Data).Sum(extent => extent.Length);

        Assert.InRange(data / (double)disk.Size, 0.88, 0.92);
    }

    [Theory]
    [InlineData("0", ExtentFlags.Hole | ExtentFlags.Zero)]
    [InlineData("100", ExtentFlags.Data)]
    public async Task NothingAndAllAreASingleExtent(string percent, ExtentFlags flags)
    {
        await using var disk = await OpenAsync($"size={long.MaxValue}", $"percent={percent}");

        Assert.Equal([new Extent(0, long.MaxValue, flags)], await ExtentsAsync(disk, 0, long.MaxValue));
    }

    [Fact]
    public async Task TheSameSeedGivesTheSameDiskAndAnotherOneAnother()
    {
        string[] parameters = ["size=4M", "percent=50", "runlength=64K"];
        var first = await ContentAsync([.. parameters, "seed=1"]);

        Assert.Equal(first, await ContentAsync([.. parameters, "seed=1"]));
        Assert.NotEqual(first, await ContentAsync([.. parameters, "seed=2"]));
        Assert.NotEqual(await ContentAsync(parameters), await ContentAsync(parameters));
    }

    [Fact]
    public async Task ABlockOfDataIsOneByteRepeatedThatIsNotZero()
    {
        var content = await ContentAsync("size=8M", "percent=100", "seed=3");

        var bytes = new HashSet<byte>();
        foreach (var block in content.Chunk((int)Block))
        {
            Assert.False(block.AsSpan().ContainsAnyExcept(block[0]), "a block holds different bytes");
            bytes.Add(block[0]);
        }

        Assert.DoesNotContain((byte)0, bytes);
        Assert.True(bytes.Count > 100, $"only {bytes.Count} different blocks");
    }

    [Fact]
    public async Task RandomContentIsRandomByteByByte()
    {
        var content = await ContentAsync("size=1M", "percent=100", "seed=4", "random-content=true");

        Assert.Equal(256, content.AsSpan(0, (int)Block).ToArray().Distinct().Count());
    }

    [Fact]
    public async Task WritesTrimsAndZeroesHaveToMatch()
    {
        await using var disk = await OpenAsync("size=64M", "percent=50", "runlength=256K", "seed=5");
        var extents = await ExtentsAsync(disk, 0, disk.Size);
        var hole = extents.First(extent => extent.Flags != ExtentFlags.Data);
        var data = extents.First(extent => extent.Flags == ExtentFlags.Data && extent.Offset > hole.Offset);
        var content = await PluginRunner.ReadAllAsync(disk);

        for (var offset = 0; offset < content.Length; offset += 1 << 20)
        {
            await disk.WriteAsync(offset, content.AsMemory(offset, 1 << 20), WriteFlags.None, CancellationToken.None);
        }

        await disk.TrimAsync(new ByteRange(hole.Offset, hole.Length), WriteFlags.None, CancellationToken.None);
        await disk.ZeroAsync(new ByteRange(hole.Offset, hole.Length), ZeroFlags.None, CancellationToken.None);
        await AssertRefusedAsync(() => disk.WriteAsync(hole.Offset, new byte[] { 1 }, WriteFlags.None, CancellationToken.None));
        await AssertRefusedAsync(() => disk.WriteAsync(data.Offset, new byte[512], WriteFlags.None, CancellationToken.None));
        await AssertRefusedAsync(() => disk.TrimAsync(new ByteRange(hole.Offset, data.Offset - hole.Offset + 1), WriteFlags.None, CancellationToken.None));
        await AssertRefusedAsync(() => disk.ZeroAsync(new ByteRange(data.Offset, 1), ZeroFlags.None, CancellationToken.None));
    }

    [Fact]
    public async Task TheLargestDiskOfTheLongestRunsCanBeReadToItsEnd()
    {
        await using var disk = await OpenAsync($"size={long.MaxValue}", "runlength=7E", "percent=50", "seed=6");

        foreach (var extent in await ExtentsAsync(disk, 0, disk.Size))
        {
            await disk.ReadAsync(extent.End - 1, new byte[1], CancellationToken.None);
        }
    }

    [Theory]
    [InlineData("percent=101", "0 to 100")]
    [InlineData("percent=-1", "0 to 100")]
    [InlineData("percent=x", "0 to 100")]
    [InlineData("runlength=0", "at least 1")]
    [InlineData("seed=-1", "whole number")]
    public async Task WhatIsNoValueIsRefused(string parameter, string expected)
    {
        var e = await Assert.ThrowsAsync<ParameterException>(
            async () => await PluginRunner.CreateAsync(new SparseRandomPlugin(), "size=1M", parameter));

        var error = Assert.Single(e.Errors);
        Assert.StartsWith(parameter + ": ", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static ValueTask<Disk> OpenAsync(params string[] parameters) => PluginRunner.OpenAsync(new SparseRandomPlugin(), parameters);

    private static async Task<byte[]> ContentAsync(params string[] parameters)
    {
        await using var disk = await OpenAsync(parameters);
        return await PluginRunner.ReadAllAsync(disk);
    }

    private static async Task<Extent[]> ExtentsAsync(Disk disk, long offset, long length)
    {
        var list = new ExtentList(new ByteRange(offset, length));
        await disk.GetExtentsAsync(list.Range, list, CancellationToken.None);
        return list.Extents.ToArray();
    }

    private static async Task AssertRefusedAsync(Func<ValueTask> call)
        => Assert.Equal(NbdError.EIO, (await Assert.ThrowsAsync<NbdException>(async () => await call())).Error);
}

using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class RandomPluginTests
{
    private const int Size = 1 << 20;

    [Fact]
    public async Task TheSameSeedGivesTheSameDiskAndAnotherOneAnother()
    {
        var first = await ContentAsync("seed=1");

        Assert.Equal(first, await ContentAsync("seed=1"));
        Assert.NotEqual(first, await ContentAsync("seed=2"));
        Assert.NotEqual(first, await ContentAsync("seed=18446744073709551615"));
    }

    [Fact]
    public async Task WithoutASeedEveryStartGivesAnotherDisk() => Assert.NotEqual(await ContentAsync(), await ContentAsync());

    [Fact]
    public async Task EveryByteIsAboutAsFrequentAsEveryOther()
    {
        var counts = new int[256];
        foreach (var value in await ContentAsync("seed=3"))
        {
            counts[value]++;
        }

        // 4096 are expected with a deviation of 64; eight deviations are beyond any doubt.
        Assert.All(counts, count => Assert.InRange(count, 4096 - 512, 4096 + 512));
    }

    [Fact]
    public async Task NoTwoPlacesHoldTheSame()
    {
        var groups = new HashSet<ulong>();
        var content = await ContentAsync("seed=4");
        for (var offset = 0; offset < content.Length; offset += sizeof(ulong))
        {
            Assert.True(groups.Add(BitConverter.ToUInt64(content, offset)), $"the 8 bytes at {offset} are there twice");
        }
    }

    [Theory]
    [InlineData(0, 512)]
    [InlineData(3, 10_000)]
    [InlineData(Size - 1, 1)]
    public async Task AWriteHasToMatch(int offset, int length)
    {
        await using var disk = await PluginRunner.OpenAsync(new RandomPlugin(), $"size={Size}", "seed=5");
        var data = (await PluginRunner.ReadAllAsync(disk)).AsSpan(offset, length).ToArray();

        await disk.WriteAsync(offset, data, WriteFlags.None, CancellationToken.None);

        data[^1] ^= 1;
        await AssertRefusedAsync(() => disk.WriteAsync(offset, data, WriteFlags.None, CancellationToken.None));
        await AssertRefusedAsync(() => disk.ZeroAsync(new ByteRange(offset, length), ZeroFlags.None, CancellationToken.None));
        await AssertRefusedAsync(() => disk.TrimAsync(new ByteRange(offset, length), WriteFlags.None, CancellationToken.None));
    }

    [Fact]
    public async Task TheEndOfTheLargestDiskCanBeRead()
    {
        await using var disk = await PluginRunner.OpenAsync(new RandomPlugin(), $"size={long.MaxValue}", "seed=6");
        var (once, again) = (new byte[100], new byte[50]);

        await disk.ReadAsync(long.MaxValue - 100, once, CancellationToken.None);
        await disk.ReadAsync(long.MaxValue - 50, again, CancellationToken.None);

        Assert.Equal(once[50..], again);
        Assert.Contains(again, value => value != 0);
    }

    private static async Task<byte[]> ContentAsync(params string[] parameters)
    {
        await using var disk = await PluginRunner.OpenAsync(new RandomPlugin(), [$"size={Size}", .. parameters]);
        return await PluginRunner.ReadAllAsync(disk);
    }

    private static async Task AssertRefusedAsync(Func<ValueTask> call)
        => Assert.Equal(NbdError.EIO, (await Assert.ThrowsAsync<NbdException>(async () => await call())).Error);
}

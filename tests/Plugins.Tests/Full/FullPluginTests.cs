using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class FullPluginTests
{
    [Fact]
    public async Task WhatWouldChangeTheDiskFindsNoSpace()
    {
        await using var disk = await PluginRunner.OpenAsync(new FullPlugin(), "size=1M");

        await AssertNoSpaceAsync(() => disk.WriteAsync(0, new byte[512], WriteFlags.None, CancellationToken.None));
        await AssertNoSpaceAsync(() => disk.TrimAsync(new ByteRange(0, 512), WriteFlags.None, CancellationToken.None));
    }

    [Fact]
    public async Task ASizeIsNeeded()
        => await Assert.ThrowsAsync<ParameterException>(async () => await PluginRunner.CreateAsync(new FullPlugin()));

    private static async Task AssertNoSpaceAsync(Func<ValueTask> call)
        => Assert.Equal(NbdError.ENOSPC, (await Assert.ThrowsAsync<NbdException>(async () => await call())).Error);
}

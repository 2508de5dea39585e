using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class ZeroPluginTests
{
    [Fact]
    public async Task TheDiskHasNoBytes()
    {
        await using var disk = await PluginRunner.OpenAsync(new ZeroPlugin());
        Assert.Equal(0, disk.Size);
    }

    [Fact]
    public async Task ASizeIsRefused()
        => await Assert.ThrowsAsync<ParameterException>(async () => await PluginRunner.CreateAsync(new ZeroPlugin(), "size=1"));
}

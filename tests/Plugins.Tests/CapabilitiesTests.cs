using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class CapabilitiesTests
{
    /// <summary>The right column is from the Connect line of nbdkit 1.32.5's log filter, the last flag from nbdinfo.</summary>
    [Theory]
    [InlineData("memory", "size=1M", "write=1 flush=1 rotational=0 trim=1 zero=2 fua=2 extents=1 cache=2 fast_zero=1 multi_conn=1")]
    [InlineData("data", "data=1", "write=1 flush=1 rotational=0 trim=1 zero=2 fua=2 extents=1 cache=2 fast_zero=1 multi_conn=1")]
    [InlineData("null", "size=1M", "write=1 flush=1 rotational=0 trim=1 zero=2 fua=2 extents=1 cache=2 fast_zero=1 multi_conn=1")]
    [InlineData("pattern", "size=1M", "write=0 flush=0 rotational=0 trim=0 zero=0 fua=0 extents=0 cache=2 fast_zero=0 multi_conn=1")]
    public async Task CapabilitiesAreThoseOfNbdkit(string plugin, string parameter, string expected)
    {
        await using var disk = await PluginRunner.OpenAsync(BuiltInPlugins.All.Single(candidate => candidate.Name == plugin), parameter);
        var can = disk.Capabilities;
        Assert.Equal(expected,
            $"write={N(can.CanWrite)} flush={N(can.CanFlush)} rotational={N(can.IsRotational)} trim={N(can.CanTrim)} zero={(int)can.Zero} "
            + $"fua={(int)can.Fua} extents={N(can.CanExtents)} cache={(int)can.Cache} fast_zero={N(can.CanFastZero)} multi_conn={N(can.CanMultiConn)}");
    }

    [Theory]
    [InlineData("memory", "size=1M", true)]
    [InlineData("data", "data=1", true)]
    [InlineData("null", "size=1M", false)]
    [InlineData("pattern", "size=1M", false)]
    public async Task DisksInMemoryStateTheirBlockSizes(string plugin, string parameter, bool states)
    {
        await using var disk = await PluginRunner.OpenAsync(BuiltInPlugins.All.Single(candidate => candidate.Name == plugin), parameter);
        Assert.Equal(states ? new BlockSize(1, 4096, 64 << 20) : null, disk.Capabilities.BlockSize);
    }

    private static int N(bool flag) => flag ? 1 : 0;
}

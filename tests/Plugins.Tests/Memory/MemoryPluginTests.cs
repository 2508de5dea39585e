using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class MemoryPluginTests
{
    [Fact]
    public void DumpPluginTellsWhatTheAllocatorsCanDo()
        => Assert.Equal(["mlock=yes", "zstd=no"], new MemoryPlugin().Facts.Select(fact => $"{fact.Key}={fact.Value}"));

    [Fact]
    public async Task SizeIsNeeded()
    {
        var error = await Assert.ThrowsAsync<ParameterException>(async () => await PluginRunner.CreateAsync(new MemoryPlugin()));
        Assert.StartsWith("the parameter size=SIZE is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllMistakesAreReportedTogether()
    {
        var error = await Assert.ThrowsAsync<ParameterException>(
            async () => await PluginRunner.CreateAsync(new MemoryPlugin(), "size=1x", "allocator=zstd"));
        Assert.Equal(2, error.Errors.Count);
        Assert.StartsWith("allocator=zstd: known to nbdkit, not built yet", error.Errors[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABlockThatIsTooLargeIsRefused()
    {
        var error = await Assert.ThrowsAsync<ParameterException>(
            async () => await PluginRunner.CreateAsync(new MemoryPlugin(), "size=4E", "allocator=malloc"));
        Assert.StartsWith("allocator=malloc: there are no 4611686018427387904 bytes of memory", error.Message, StringComparison.Ordinal);
    }
}

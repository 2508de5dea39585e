using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class OnesPluginTests
{
    [Fact]
    public async Task EveryByteIsAllOnesUnlessToldOtherwise()
    {
        await using var ones = await PluginRunner.OpenAsync(new OnesPlugin(), "size=3");
        await using var other = await PluginRunner.OpenAsync(new OnesPlugin(), "size=3", "byte=0x55");

        Assert.Equal("ffffff", Convert.ToHexStringLower(await PluginRunner.ReadAllAsync(ones)));
        Assert.Equal("555555", Convert.ToHexStringLower(await PluginRunner.ReadAllAsync(other)));
    }

    [Theory]
    [InlineData("256")]
    [InlineData("-1")]
    [InlineData("x")]
    public async Task OnlyAByteIsAccepted(string text)
    {
        var e = await Assert.ThrowsAsync<ParameterException>(async () => await PluginRunner.CreateAsync(new OnesPlugin(), $"byte={text}"));
        Assert.StartsWith($"byte={text}: ", Assert.Single(e.Errors), StringComparison.Ordinal);
    }
}

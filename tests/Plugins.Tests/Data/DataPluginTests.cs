using System.Text;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class DataPluginTests
{
    [Fact]
    public async Task RawTextIsServedAsUtf8()
    {
        await using var disk = await PluginRunner.OpenAsync(new DataPlugin(), "raw=Hello, wörld! = (1)*2");
        Assert.Equal("Hello, wörld! = (1)*2", Encoding.UTF8.GetString(await PluginRunner.ReadAllAsync(disk)));
    }

    [Theory]
    [InlineData("aGVsbG8=", "hello")]
    [InlineData("aGVs bG8=", "hello")]
    [InlineData("", "")]
    public async Task Base64IsDecoded(string text, string content)
    {
        await using var disk = await PluginRunner.OpenAsync(new DataPlugin(), $"base64={text}");
        Assert.Equal(content, Encoding.UTF8.GetString(await PluginRunner.ReadAllAsync(disk)));
    }

    [Theory]
    [InlineData("aGVs!")]
    [InlineData("aGVsbG8")]
    public async Task WhatIsNotBase64IsRefused(string text)
    {
        var error = await Assert.ThrowsAsync<ParameterException>(async () => await PluginRunner.OpenAsync(new DataPlugin(), $"base64={text}"));
        Assert.Contains("this is not base64", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data=(\"Hello\")*2000", 8192)]
    [InlineData("data=1 2 3", 2)]
    [InlineData("data=1 2 3", 10)]
    [InlineData("data=@100 1", 50)]
    [InlineData("data=<(yes)", 5)]
    [InlineData("raw=abc", 1)]
    [InlineData("base64=MTIz", 1 << 20)]
    [InlineData("data=1", 0)]
    public async Task SizeCutsTheContentOrAddsZeroes(string content, int size)
    {
        var whole = content.Contains("yes", StringComparison.Ordinal) ? Encoding.UTF8.GetBytes("y\ny\ny\n")
            : await PluginRunner.ReadAllAsync(await PluginRunner.OpenAsync(new DataPlugin(), content));
        await using var disk = await PluginRunner.OpenAsync(new DataPlugin(), content, $"size={size}");
        Assert.Equal(whole.Concat(new byte[size]).Take(size), await PluginRunner.ReadAllAsync(disk));
    }

    [Theory]
    [InlineData]
    [InlineData("size=1M")]
    [InlineData("data=1", "raw=1")]
    [InlineData("raw=1", "base64=MTIz")]
    public async Task ExactlyOneContentIsNeeded(params string[] words)
    {
        var error = await Assert.ThrowsAsync<ParameterException>(async () => await PluginRunner.OpenAsync(new DataPlugin(), words));
        Assert.Equal("exactly one of the parameters data, base64 and raw is needed", error.Message);
    }

    [Fact]
    public async Task AnExpressionThatFellApartForWantOfQuotesIsNoticed()
    {
        var error = await Assert.ThrowsAsync<ParameterException>(async () => await PluginRunner.OpenAsync(new DataPlugin(), "data=1", "data=2"));
        Assert.Contains("must be quoted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AParameterThatNothingUsesIsNoticed()
    {
        var logger = new RecordingLogger();
        await using var source = await PluginRunner.CreateAsync(new DataPlugin(), logger, "data=$used 1", "used=2", "sise=1M");
        Assert.StartsWith("Warning: the parameter 'sise' is used by nothing", Assert.Single(logger.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ParametersComeBeforeTheEnvironmentAndTheLastOneCounts()
    {
        Environment.SetEnvironmentVariable("SHARPNBD_TEST_DATA", "1");
        await using var fromEnvironment = await PluginRunner.OpenAsync(new DataPlugin(), "data=$SHARPNBD_TEST_DATA");
        Assert.Equal([1], await PluginRunner.ReadAllAsync(fromEnvironment));
        await using var fromParameter = await PluginRunner.OpenAsync(
            new DataPlugin(), "data=$SHARPNBD_TEST_DATA", "SHARPNBD_TEST_DATA=2", "SHARPNBD_TEST_DATA=3");
        Assert.Equal([3], await PluginRunner.ReadAllAsync(fromParameter));
    }

    [Fact]
    public async Task TheDiskCanBeWrittenAndIsSharedByAllConnections()
    {
        await using var source = await PluginRunner.CreateAsync(new DataPlugin(), "data=1 2 3", "allocator=malloc");
        await using var one = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        await using var other = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        await one.WriteAsync(1, (byte[])[9], WriteFlags.None, CancellationToken.None);
        Assert.Equal([1, 9, 3], await PluginRunner.ReadAllAsync(other));
    }

    [Fact]
    public void FactsTellOfBase64AndAllocators()
        => Assert.Equal(["data_base64=yes", "mlock=yes", "zstd=no"], new DataPlugin().Facts.Select(fact => $"{fact.Key}={fact.Value}"));
}

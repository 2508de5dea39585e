namespace SharpNbd.Abstractions.Tests;

public sealed class ByteSizeTests
{
    /// <summary>As nbdkit 1.32.5 reads them.</summary>
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("1b", 1)]
    [InlineData("1B", 1)]
    [InlineData("1k", 1024)]
    [InlineData("1K", 1024)]
    [InlineData("3m", 3L << 20)]
    [InlineData("3M", 3L << 20)]
    [InlineData("2G", 2L << 30)]
    [InlineData("2t", 2L << 40)]
    [InlineData("5P", 5L << 50)]
    [InlineData("7E", 7L << 60)]
    [InlineData("1s", 512)]
    [InlineData("2S", 1024)]
    [InlineData("010", 10)]
    [InlineData("+5", 5)]
    [InlineData(" 5", 5)]
    [InlineData("\t5k", 5120)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void ASizeIsANumberWithAtMostOneSuffix(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData("k")]
    [InlineData("-1")]
    [InlineData("1.5M")]
    [InlineData("0x10")]
    [InlineData("1MiB")]
    [InlineData("1MB")]
    [InlineData("1Mx")]
    [InlineData("1x")]
    [InlineData("1 ")]
    [InlineData("1 k")]
    [InlineData("++1")]
    [InlineData("+ 1")]
    [InlineData("१")]
    public void AnythingElseIsRefusedWithWhatIsAccepted(string text)
        => Assert.Contains("b k M G T P E", Assert.Throws<FormatException>(() => ByteSize.Parse(text)).Message);

    [Theory]
    [InlineData("8E")]
    [InlineData("9223372036854775808")]
    [InlineData("9007199254740992k")]
    [InlineData("99999999999999999999999999")]
    public void ASizeBeyondTheLargestDiskIsRefused(string text)
        => Assert.Contains("2^63-1", Assert.Throws<FormatException>(() => ByteSize.Parse(text)).Message);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1000, "1000")]
    [InlineData(1024, "1K")]
    [InlineData(1536, "1536")]
    [InlineData(64L << 20, "64M")]
    [InlineData(long.MaxValue, "9223372036854775807")]
    public void ASizeIsShownAsItWouldBeTyped(long bytes, string text)
    {
        Assert.Equal(text, new ByteSize(bytes).ToString());
        Assert.Equal(bytes, ByteSize.Parse(text).Value);
    }
}

using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class PatternPluginTests
{
    /// <summary>The right column was read from nbdkit 1.32.5.</summary>
    [Theory]
    [InlineData(0, 32, "0000000000000000000000000000000800000000000000100000000000000018")]
    [InlineData(5, 1, "00")]
    [InlineData(14, 5, "0008000000")]
    [InlineData(0x12345678, 16, "00000000123456780000000012345680")]
    [InlineData(0x1234567B, 3, "001234")]
    [InlineData(9223372036854775790, 17, "ffe87ffffffffffffff07fffffffffffff")]
    public async Task EveryEightBytesHoldTheirOffset(long offset, int length, string bytes)
    {
        await using var disk = await PluginRunner.OpenAsync(new PatternPlugin(), $"size={long.MaxValue}");
        var buffer = new byte[length];
        await disk.ReadAsync(offset, buffer, CancellationToken.None);
        Assert.Equal(bytes, Convert.ToHexStringLower(buffer));
    }
}

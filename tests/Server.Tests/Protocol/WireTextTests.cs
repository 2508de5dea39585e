using System.Text;

namespace SharpNbd.Server.Tests;

/// <summary>Names on the wire: UTF-8 without NUL, at most 4096 bytes.</summary>
public sealed class WireTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("disk")]
    [InlineData("Größe ∑ 💾")]
    public void AGoodNameIsRead(string name)
    {
        Assert.True(WireText.TryDecode(Encoding.UTF8.GetBytes(name), out var text, out _));
        Assert.Equal(name, text);
    }

    [Fact]
    public void TheLongestNameIsRead()
    {
        Assert.True(WireText.TryDecode(Enumerable.Repeat((byte)'a', 4096).ToArray(), out var text, out _));
        Assert.Equal(4096, text.Length);
    }

    [Fact]
    public void ANameThatIsAByteTooLongIsNot()
    {
        Assert.False(WireText.TryDecode(Enumerable.Repeat((byte)'a', 4097).ToArray(), out _, out var problem));
        Assert.Contains("4097", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameWithANulIsNot()
    {
        Assert.False(WireText.TryDecode("a\0b"u8, out _, out var problem));
        Assert.Contains("NUL", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x80 })] // a continuation byte alone
    [InlineData(new byte[] { 0xc3 })] // half a character
    [InlineData(new byte[] { 0xc0, 0xaf })] // a slash in two bytes
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 })] // half of a pair of UTF-16
    [InlineData(new byte[] { 0xf4, 0x90, 0x80, 0x80 })] // beyond Unicode
    public void WhatIsNotUtf8IsNot(byte[] name)
    {
        Assert.False(WireText.TryDecode(name, out _, out var problem));
        Assert.Contains("UTF-8", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ATextIsCutToWhatTheProtocolAllows()
        => Assert.Equal(Enumerable.Repeat((byte)'x', 4096), WireText.Encode(new string('x', 5000)));

    [Fact]
    public void ACutFallsBetweenCharacters()
    {
        // The first byte of the last character would be the 4096th.
        var bytes = WireText.Encode(new string('x', 4095) + "∑∑");

        Assert.Equal(Enumerable.Repeat((byte)'x', 4095), bytes);
    }
}

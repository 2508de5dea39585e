namespace SharpNbd.Server.Tests;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["memory", "file", "null", "pattern", "delay-read", "delay-write", "size"];

    [Theory]
    [InlineData("memry", "memory")]
    [InlineData("memroy", "memory")]
    [InlineData("mmeory", "memory")]
    [InlineData("fiel", "file")]
    [InlineData("filee", "file")]
    [InlineData("nul", "null")]
    [InlineData("sise", "size")]
    [InlineData("patern", "pattern")]
    [InlineData("delay-raed", "delay-read")]
    public void AFewWrongLettersAreForgiven(string typed, string meant) => Assert.Equal(meant, NearestName.Of(typed, Names));

    [Theory]
    [InlineData("nosuch")]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("memories-of")]
    public void WhatIsTooFarAwayIsNotGuessed(string typed) => Assert.Null(NearestName.Of(typed, Names));

    [Fact]
    public void OfEquallyNearNamesTheFirstInTheAlphabetIsTaken() => Assert.Equal("cat", NearestName.Of("kat", ["rat", "cat", "hat"]));
}

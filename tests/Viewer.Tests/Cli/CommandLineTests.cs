namespace SharpNbd.Viewer.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void OneLogWithOrWithoutASize()
    {
        Assert.Equal((null, "/l"), (CommandLine.Parse(["/l"]).Size, CommandLine.Parse(["/l"]).Logs.Single()));
        Assert.Equal(64L << 20, CommandLine.Parse(["/l", "64M"]).Size);
    }

    [Fact]
    public void AnArrayHasANumberInItsNames()
    {
        var options = CommandLine.Parse(["3", "64M", "/log%d", "/error%d.x"]);

        Assert.Equal(["/log1", "/log2", "/log3"], options.Logs);
        Assert.Equal(["/error1.x", "/error2.x", "/error3.x"], options.ErrorFiles);
        Assert.Equal(64L << 20, options.Size);
        Assert.Equal(["/log1", "/log2"], CommandLine.Parse(["2", "/log%d"]).Logs);
    }

    [Fact]
    public void OptionsStandAnywhere()
    {
        var options = CommandLine.Parse(["--port", "0", "/l", "--listen=::1", "1M", "--open"]);

        Assert.Equal((0, "::1", true, "/l"), (options.Port, options.Listen.ToString(), options.Open, options.Logs.Single()));
    }

    [Theory]
    [InlineData("which log?")]
    [InlineData("'x' is not a size", "l", "x")]
    [InlineData("'0' is not a size", "l", "0")]
    [InlineData("'9999999999G' is not a size", "l", "9999999999G")]
    [InlineData("'y' is too much", "l", "1M", "y")]
    [InlineData("is the same file for 5 disks; put %d", "5", "64M", "/log")]
    [InlineData("the number of disks is from 1 to 64", "0", "/log%d")]
    [InlineData("the number of disks is from 1 to 64", "65", "/log%d")]
    [InlineData("'65536' is not a port", "--port", "65536", "l")]
    [InlineData("'here' is not an address", "--listen=here", "l")]
    [InlineData("there is no option '--what'", "--what", "l")]
    [InlineData("--port needs a value", "l", "--port")]
    [InlineData("--at needs --snapshot", "l", "--at", "1")]
    public void WhatCannotBeFollowedIsSaidInALine(string message, params string[] arguments)
    {
        var said = Assert.Throws<UsageException>(() => CommandLine.Parse(arguments)).Message;

        Assert.Contains(message, said);
        Assert.DoesNotContain('\n', said);
    }
}

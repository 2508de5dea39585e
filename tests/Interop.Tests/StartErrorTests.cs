using System.Net;
using System.Net.Sockets;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>A server that cannot start says why in one line and ends with status 1.</summary>
public sealed class StartErrorTests
{
    [Theory]
    [InlineData("a size that is none", "size=1x", "memory", "size=1x")]
    [InlineData("a plugin that nobody knows", "nosuch", "nosuch")]
    [InlineData("a plugin with a typo", "memory", "memry", "1M")]
    [InlineData("a filter that nobody knows", "nosuch", "--filter=nosuch", "memory", "1M")]
    [InlineData("a filter with a typo", "delay", "--filter=dely", "memory", "1M")]
    [InlineData("a parameter with a typo", "sise", "memory", "sise=1M", "size=1M")]
    [InlineData("the nearest parameter", "size", "memory", "sise=1M")]
    [InlineData("a parameter that is missing", "size", "memory")]
    [InlineData("a delay that is none", "rdelay", "--filter=delay", "memory", "1M", "rdelay=soon")]
    [InlineData("a rate that is none", "error-rate", "--filter=error", "memory", "1M", "error-rate=200%")]
    [InlineData("a file that is not there", "/nonexistent/disk", "file", "/nonexistent/disk")]
    [InlineData("an option that nobody knows", "nosuchoption", "--nosuchoption", "memory", "1M")]
    [InlineData("no plugin", "plugin")]
    public async Task OneLineNamesWhatWasWrong(string story, string names, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();

        var result = await SharpNbdProgram.RunAsync(["-f", "-U", directory["socket"], .. arguments]);

        AssertOneLine(result, names, story);
    }

    [Theory]
    [InlineData("ssh", "ssh", "host=localhost", "/disk.img")]
    [InlineData("cow", "--filter=cow", "memory", "1M")]
    public async Task WhatOnlyNbdkitHasSoFarIsSaidToBeComing(string name, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();

        var result = await SharpNbdProgram.RunAsync(["-f", "-U", directory["socket"], .. arguments]);

        AssertOneLine(result, "known to nbdkit, not built yet", name);
        Assert.Contains(name, result.Error);
    }

    [Fact]
    public async Task APortThatIsInUseIsNamed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var result = await SharpNbdProgram.RunAsync("-f", "-i", "127.0.0.1", "-p", $"{port}", "memory", "1M");

        AssertOneLine(result, "in use", "a port in use");
        Assert.Contains($"{port}", result.Error);
    }

    [Fact]
    public async Task ASocketThatExistsIsNotTakenOver()
    {
        await using var first = await SharpNbdProgram.StartAsync("memory", "1M");

        var result = await SharpNbdProgram.RunAsync("-f", "-U", first.SocketPath, "memory", "1M");

        AssertOneLine(result, "in use", "a socket in use");
        using var client = RawClient.Open(first.SocketPath);
        Assert.Equal(1u << 20, client.Size);
    }

    [Fact]
    public async Task AnErrorInTheBackgroundIsShownInFrontWithStatusOne()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["socket"], "not a socket");

        var result = await SharpNbdProgram.RunAsync("-U", directory["socket"], "-P", directory["pid"], "memory", "1M");

        AssertOneLine(result, directory["socket"], "a path in use");
        Assert.False(File.Exists(directory["pid"]));
    }

    private static void AssertOneLine(ToolResult result, string names, string story)
    {
        Assert.Equal(1, result.ExitCode);
        Assert.True(result.ErrorLines.Count == 1, $"{story}: {result.ErrorLines.Count} lines\n{result.Error}");
        Assert.Contains(names, result.Error);
        Assert.DoesNotContain("Exception", result.Error);
    }
}

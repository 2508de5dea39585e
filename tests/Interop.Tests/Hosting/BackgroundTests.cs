using System.Globalization;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class BackgroundTests
{
    [Fact]
    public async Task TheServerLeavesStreamsDirectoryAndSession()
    {
        await using var server = await BackgroundServer.StartAsync("$server memory 1M");

        Assert.Equal(["/dev/null", "/dev/null", "/dev/null", "/"], ((string[])["fd/0", "fd/1", "fd/2", "cwd"]).Select(server.Link));

        // Field 6 of stat is the session; the name in field 2 may hold blanks, but ends with a bracket.
        var stat = File.ReadAllText($"/proc/{server.ProcessId}/stat");
        var session = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3];
        Assert.Equal(server.ProcessId, int.Parse(session, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task ASignalEndsItAndLeavesItsSocketAsNbdkitDoes()
    {
        await using var server = await BackgroundServer.StartAsync("$server memory 1M");
        using var client = server.Connect();

        await server.StopAsync(Signal.Hangup);

        Assert.True(client.IsClosedByServer());
        Assert.True(File.Exists(server.SocketPath));
    }

    [Fact]
    public async Task APrivateSocketIsRemovedWithItsDirectory()
    {
        await using var server = await BackgroundServer.StartAsync("$server -U - memory 1M --print-uri >uri");
        var path = File.ReadAllText(server.PathOf("uri")).Split("socket=")[1].TrimEnd('\n');
        Assert.True(File.Exists(path));

        await server.StopAsync(Signal.Terminate);

        Assert.False(Directory.Exists(Path.GetDirectoryName(path)));
    }

    [Fact]
    public async Task ADescriptorFromTheCallerReachesTheServer()
    {
        await using var server = await BackgroundServer.StartAsync("printf 12345678 >disk; exec 5<>disk; $server file fd=5");

        using var client = server.Connect();

        Assert.Equal("12345678"u8.ToArray(), client.Ask(RawClient.Read, 0, 8).Data);
    }

    [Fact]
    public async Task WithVStandardErrorStaysForDebugMessages()
    {
        await using var server = await BackgroundServer.StartAsync("$server -v memory 1M 2>log");
        using var client = server.Connect();

        await server.StopAsync(Signal.Terminate);

        Assert.Contains("sharpnbd: memory.1: debug: ", File.ReadAllText(server.PathOf("log")));
    }

    [Fact]
    public async Task ErrorsInTheBackgroundGoNowhereUnlessTheyAreAskedFor()
    {
        const string failing = "$server -v --filter=error memory 1M error=EIO error-rate=1 2>log";
        await using var silent = await BackgroundServer.StartAsync(failing);
        await using var telling = await BackgroundServer.StartAsync(failing.Replace("-v", "--log=stderr"));
        foreach (var server in (BackgroundServer[])[silent, telling])
        {
            using var client = server.Connect();
            Assert.Equal(5u, client.Ask(RawClient.Read, 0, 512).Error);
            await server.StopAsync(Signal.Terminate);
        }

        Assert.DoesNotContain(": error: ", File.ReadAllText(silent.PathOf("log")));
        Assert.Contains(": error: ", File.ReadAllText(telling.PathOf("log")));
    }

    [Fact]
    public async Task WhatGoesWrongLastIsStillToldInFront()
    {
        using var directory = new TemporaryDirectory();

        var result = await SharpNbdProgram.RunAsync("-U", directory["socket"], "-P", directory["missing"] + "/pid", "memory", "1M");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("the pid file", Assert.Single(result.ErrorLines));
    }
}

using System.Diagnostics;
using System.Globalization;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class StartAndStopTests
{
    /// <summary>What is promised for a stop, whatever the clients do.</summary>
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(Signal.Interrupt)]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.Quit)]
    [InlineData(Signal.Hangup)]
    public async Task EverySignalThatStopsTheServerEndsItWithStatusZero(Signal signal)
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "size=1M");

        await server.StopAsync(signal, StopBound);
    }

    [Fact]
    public async Task IdleAndStuckClientsDoNotHoldUpTheStop()
    {
        await using var server = await SharpNbdProgram.StartAsync("memory", "size=64M");
        using var silent = RawClient.Connect(server.SocketPath);
        using var idle = RawClient.Open(server.SocketPath);
        using var halfHeader = RawClient.Open(server.SocketPath);
        halfHeader.SendRaw(RawClient.Header(RawClient.Read, 1, 0, 512).AsSpan(0, 20));
        using var halfWrite = RawClient.Open(server.SocketPath);
        halfWrite.SendRaw([.. RawClient.Header(RawClient.Write, 1, 0, 65536), .. new byte[1000]]);
        using var deaf = RawClient.Open(server.SocketPath);
        for (ulong cookie = 0; cookie < 16; cookie++)
        {
            deaf.Send(RawClient.Read, cookie, 0, 32 << 20);
        }

        // Its first bytes show that the server is sending to the client that reads no more.
        Assert.False(deaf.IsClosedByServer());

        await server.StopAsync(Signal.Terminate, StopBound);
    }

    [Fact]
    public async Task ARequestInFlightIsFinishedBeforeTheServerEnds()
    {
        using var directory = new TemporaryDirectory();
        var disk = DiskServer.Sparse(directory["disk"], 1 << 20);
        using var log = new Fifo(directory["log"]);
        await using var server = await SharpNbdProgram.StartAsync(
            "--filter=log", "--filter=delay", "file", disk, $"logfile={log.Path}", "wdelay=1500ms");
        using var client = RawClient.Open(server.SocketPath);
        client.SendWrite(1, 512, "finished"u8);
        while (!(await log.ReadLineAsync()).Contains(" Write ", StringComparison.Ordinal))
        {
            // The lines of the connection come first.
        }

        await server.StopAsync(Signal.Terminate, StopBound);

        Assert.Equal(new RawReply(1, 0, []).ToString(), client.Receive().ToString());
        Assert.Equal("finished"u8.ToArray(), File.ReadAllBytes(disk)[512..520]);
    }

    [Fact]
    public async Task ACommandIsRunWithTheServersAddressInItsVariables()
    {
        var result = await SharpNbdProgram.RunAsync(
            "-U", "-", "-e", "a b", "--run", """echo "$nbd|$uri|$unixsocket|$port|$exportname|$tls"; stat -c %a "$(dirname "$unixsocket")" """, "memory", "1M");

        var lines = result.Expect(0).Output.Split('\n');
        var values = lines[0].Split('|');
        Assert.Equal($"nbd+unix:///a%20b?socket={values[2]}", values[1]);
        Assert.Equal(values[1], values[0]);
        Assert.StartsWith("/tmp/", values[2], StringComparison.Ordinal);
        Assert.Equal(["", "a b", ""], values[3..]);
        Assert.Equal("700", lines[1]);
        Assert.False(Directory.Exists(Path.GetDirectoryName(values[2])));
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("kill -9 $$", 137)]
    public async Task TheStatusOfTheCommandIsTheStatusOfTheServer(string command, int status)
    {
        (await SharpNbdProgram.RunAsync("-U", "-", "--run", command, "memory", "1M")).Expect(status);
    }

    [Fact]
    public async Task TheCommandIsServedWhileItRuns()
    {
        var nbdinfo = Tool.Require("nbdinfo");

        var result = await SharpNbdProgram.RunAsync("-U", "-", "memory", "7M", "--run", $"""{nbdinfo.Path} --size "$uri" """);

        Assert.Equal($"{7 << 20}", result.Expect(0).Output.Trim());
    }

    [Fact]
    public async Task InTheBackgroundItServesAsSoonAsTheCommandReturns()
    {
        using var directory = new TemporaryDirectory();

        (await SharpNbdProgram.RunAsync("-U", directory["socket"], "-P", directory["pid"], "memory", "3M")).Expect(0);

        var text = File.ReadAllText(directory["pid"]);
        using var daemon = Process.GetProcessById(int.Parse(text, CultureInfo.InvariantCulture));
        try
        {
            Assert.Equal($"{daemon.Id}\n", text);
            using var client = RawClient.Open(directory["socket"]);
            Assert.Equal(3u << 20, client.Size);
            Assert.Equal("/", File.ResolveLinkTarget($"/proc/{daemon.Id}/cwd", returnFinalTarget: false)!.FullName);
        }
        finally
        {
            ProcessSignal.Send(daemon.Id, Signal.Terminate);
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await daemon.WaitForExitAsync(timeout.Token);
        }
    }

    [Fact]
    public async Task RelativePathsMeanTheDirectoryWhereItWasStarted()
    {
        using var directory = new TemporaryDirectory();
        DiskServer.Sparse(directory["disk"], 12345);

        var options = new ToolOptions { WorkingDirectory = directory.Path };
        (await SharpNbdProgram.RunAsync(options, "-U", "socket", "-P", "pid", "file", "disk")).Expect(0);

        using var daemon = Process.GetProcessById(int.Parse(File.ReadAllText(directory["pid"]), CultureInfo.InvariantCulture));
        try
        {
            using var client = RawClient.Open(directory["socket"]);
            Assert.Equal(12345u, client.Size);
        }
        finally
        {
            ProcessSignal.Send(daemon.Id, Signal.Terminate);
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await daemon.WaitForExitAsync(timeout.Token);
        }
    }
}

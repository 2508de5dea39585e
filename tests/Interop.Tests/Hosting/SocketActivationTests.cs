using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Sockets that somebody else has opened: libnbd hands one over as a service manager does.</summary>
public sealed class SocketActivationTests
{
    // Opens the sockets, and becomes the server with them at descriptor 3 and above.
    private const string Activate = """
        import os, socket, sys
        kind, count, names = sys.argv[1], int(sys.argv[2]), sys.argv[3]
        for i in range(count):
            s = socket.socket(socket.AF_UNIX if kind == "unix" else socket.AF_INET)
            s.bind(f"socket{i}" if kind == "unix" else ("127.0.0.1", 0))
            if kind != "deaf":
                s.listen()
            if kind == "tcp":
                open("port", "w").write(str(s.getsockname()[1]))
            os.dup2(s.fileno(), 100 + i)
            s.close()
        for i in range(count):
            os.dup2(100 + i, 3 + i, inheritable=True)
            os.close(100 + i)
        os.environ.update(LISTEN_FDS=os.environ.get("FDS", str(count)), LISTEN_PID=str(os.getpid()), LISTEN_FDNAMES=names)
        os.execv(sys.argv[4], sys.argv[4:])
        """;

    [Fact]
    public async Task ASocketThatIsHandedOverIsServed()
    {
        var script = $"""
            h.connect_systemd_socket_activation(["{SharpNbdProgram.Path}", "memory", "7M"])
            assert h.get_size() == 7 << 20
            h.pwrite(b"handed over", 512)
            assert h.pread(11, 512) == b"handed over"
            h.shutdown()
            """;

        await (await Tool.RequireNbdshAsync()).OutputAsync("-c", script);
    }

    [Theory]
    [InlineData("-p", "-p", "1")]
    [InlineData("-i", "-i", "127.0.0.1")]
    [InlineData("-U", "-U", "socket")]
    [InlineData("-s", "-s")]
    [InlineData("--run", "--run", "true")]
    public async Task WhatSaysWhereToListenIsRefusedBesideIt(string names, params string[] arguments)
    {
        var result = await RunAsync("unix", 1, "", [], [.. arguments, "memory", "1M"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"socket activation (LISTEN_FDS) and {names} cannot be used together", Assert.Single(result.ErrorLines));
    }

    [Theory]
    [InlineData("unix", "2", "descriptor 4 is not open")]
    [InlineData("unix", "0", "LISTEN_FDS=0 is out of range")]
    [InlineData("deaf", "1", "descriptor 3 is no socket that listens")]
    public async Task ASocketThatIsNotThereIsNamed(string kind, string count, string complaint)
    {
        var result = await RunAsync(kind, 1, "", new() { ["FDS"] = count }, "memory", "1M");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(complaint, Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task VariablesForAnotherProcessAreIgnored()
    {
        var options = new ToolOptions { Environment = new Dictionary<string, string?> { ["LISTEN_FDS"] = "1", ["LISTEN_PID"] = "1" } };

        var result = await SharpNbdProgram.RunAsync(options, "--run", "echo served", "memory", "1M");

        Assert.Equal("served\n", result.Expect(0).Output);
        Assert.Contains("LISTEN_PID=1 is ignored", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task EverySocketIsServedAndTheServerStaysInFrontUntilItIsTold()
    {
        using var directory = new TemporaryDirectory();
        using var ready = new Fifo(directory["pid"]);
        var running = RunIn(directory, "unix", 2, "one:two", [], "-v", "-P", directory["pid"], "memory", "5M");
        var processId = int.Parse(await ready.ReadLineAsync(), System.Globalization.CultureInfo.InvariantCulture);

        foreach (var socket in (string[])["socket0", "socket1"])
        {
            using var client = RawClient.Open(directory[socket]);
            Assert.Equal(5u << 20, client.Size);
        }

        ProcessSignal.Send(processId, Signal.Terminate);
        (await running).Expect(0);
    }

    [Fact]
    public async Task TheUriIsThatOfTheSocket()
    {
        using var directory = new TemporaryDirectory();
        using var ready = new Fifo(directory["pid"]);
        var running = RunIn(directory, "tcp", 1, "", [], "--print-uri", "-P", directory["pid"], "memory", "5M");
        var processId = int.Parse(await ready.ReadLineAsync(), System.Globalization.CultureInfo.InvariantCulture);

        ProcessSignal.Send(processId, Signal.Terminate);

        Assert.Matches("^nbd://localhost:[0-9]+\n$", (await running).Expect(0).Output);
    }

    [Fact]
    public async Task PluginsLearnTheAddressesOfItsClients()
    {
        using var directory = new TemporaryDirectory();
        using var ready = new Fifo(directory["pid"]);
        var running = RunIn(directory, "tcp", 1, "", [], "-P", directory["pid"], "info", "mode=address");
        var processId = int.Parse(await ready.ReadLineAsync(), System.Globalization.CultureInfo.InvariantCulture);

        await Nbdsh.RunAsync(
            $"nbd://127.0.0.1:{File.ReadAllText(directory["port"])}", "h.connect_uri(uri); assert h.pread(h.get_size(), 0).startswith(b'127.0.0.1:')");

        ProcessSignal.Send(processId, Signal.Terminate);
        (await running).Expect(0);
    }

    private static async Task<ToolResult> RunAsync(string kind, int count, string names, Dictionary<string, string?> environment, params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        return await RunIn(directory, kind, count, names, environment, arguments);
    }

    private static Task<ToolResult> RunIn(
        TemporaryDirectory directory, string kind, int count, string names, Dictionary<string, string?> environment, params string[] arguments)
        => Tool.Require("python3").RunAsync(
            new ToolOptions { WorkingDirectory = directory.Path, Environment = environment },
            ["-c", Activate, kind, $"{count}", names, SharpNbdProgram.Path, .. arguments]);
}

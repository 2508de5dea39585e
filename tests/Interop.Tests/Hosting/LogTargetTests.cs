using System.Net.Sockets;
using System.Text;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Where messages go: <c>--log</c>, <c>--name</c> and the debug flags.</summary>
public sealed class LogTargetTests
{
    [Fact]
    public async Task AFileIsAppendedTo()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["log"], "before\n");
        await using var server = await SharpNbdProgram.StartAsync($"--log={directory["log"]}", "--name=in", "memory", "1M");
        using (var client = RawClient.Open(server.SocketPath))
        {
            client.Ask(RawClient.Read, 1 << 20, 512);
        }

        await server.StopAsync();
        var lines = File.ReadAllLines(directory["log"]);
        Assert.Equal("before", lines[0]);
        Assert.Matches("^sharpnbd: in: memory\\.1: info: Read of 512 bytes at 1048576 refused", lines[1]);
        Assert.Empty(server.Errors.Lines);
    }

    [Fact]
    public async Task AFileThatCannotBeOpenedIsNamed()
    {
        var result = await SharpNbdProgram.RunAsync("-f", "-U", "-", "--log=/nonexistent/log", "memory", "1M");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--log=/nonexistent/log", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task TheSystemLogGetsErrorsWithTheirLevelAndNoDebugMessages()
    {
        using var directory = new TemporaryDirectory();
        using var system = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        system.Bind(new UnixDomainSocketEndPoint(directory["log"]));
        system.ReceiveTimeout = 30_000;

        // A /dev of its own, in which the log is this test's.
        var script = $"mount -t tmpfs none /dev && mknod -m 666 /dev/null c 1 3 && mknod -m 444 /dev/urandom c 1 9 && ln -s '{directory["log"]}' /dev/log"
            + $" && exec '{SharpNbdProgram.Path}' -f -v --log=syslog -U - memory 1M --run '{(await Tool.RequireNbdshAsync()).Path} -m nbd -u \"$uri\" -c \"h.set_strict_mode(0)\" "
            + "-c \"\ntry:\n  h.pread(512, 1 << 20)\nexcept nbd.Error: pass\n\"'";
        var result = await Tool.Require("unshare").RunAsync("-m", "sh", "-c", script);

        result.Expect(0);
        var message = new byte[4096];
        var text = Encoding.UTF8.GetString(message, 0, system.Receive(message));
        Assert.Matches("^<30>.*sharpnbd\\[[0-9]+\\]: memory\\.1: info: Read of 512 bytes at 1048576 refused", text);
        Assert.DoesNotContain("refused", result.Error);
        Assert.Contains("debug: ", result.Error);
    }

    [Fact]
    public async Task DebugMessagesAreLeftOutByTheFlagsOfTheServer()
    {
        var all = await RunAsync("-v");
        var quiet = await RunAsync("-v", "-D", "nbdkit.backend.controlpath=0");

        Assert.Contains("debug: option Go", all.Error);
        Assert.DoesNotContain("option Go", quiet.Error);
        Assert.Contains("debug: listening", quiet.Error);
    }

    [Theory]
    [InlineData("memory.nope=1", "memory has no debug flag nope")]
    [InlineData("foo.bar=1", "no plugin or filter foo is used")]
    [InlineData("nbdkit.nope=0x10", "nbdkit has no debug flag nope")]
    public async Task AFlagThatNobodyHasIsAWarning(string flag, string warning)
    {
        var result = await RunAsync("-D", flag);

        Assert.StartsWith("sharpnbd: warning: -D ", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        Assert.Contains(warning, result.Error);
    }

    private static async Task<ToolResult> RunAsync(params string[] arguments)
        => (await SharpNbdProgram.RunAsync([.. arguments, "memory", "1M", "--run", $"{Tool.Require("nbdinfo").Path} --size \"$uri\""])).Expect(0);
}

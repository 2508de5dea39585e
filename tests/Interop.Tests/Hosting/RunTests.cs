using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class RunTests
{
    [Fact]
    public async Task ACommandIsKilledWithAMessageThatNamesTheSignal()
    {
        var result = await SharpNbdProgram.RunAsync("memory", "1M", "--run", "kill -15 $$");

        Assert.Equal(143, result.ExitCode);
        Assert.Contains("killed by signal 15", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task ASignalStopsTheServerAndTheCommandDecidesTheStatus()
    {
        // The command sees its connection end: reading from the socket it would wait for ever otherwise.
        using var directory = new TemporaryDirectory();
        var result = await SharpNbdProgram.RunAsync(
            new ToolOptions { WorkingDirectory = directory.Path },
            "memory", "1M", "--run", "echo $unixsocket; kill -TERM $PPID; while [ -e $unixsocket ] && nbdinfo --size $uri >/dev/null 2>&1; do :; done; exit 3");

        Assert.Equal(3, result.ExitCode);
        Assert.False(Directory.Exists(Path.GetDirectoryName(result.Output.TrimEnd('\n'))));
    }

    [Fact]
    public async Task OddExportNamesReachTheCommandUnchanged()
    {
        const string name = "it's \"a\" $x `y` \\ ü%\n.";

        var result = await SharpNbdProgram.RunAsync("-e", name, "memory", "1M", "--run", "printf %s \"$exportname\"");

        Assert.Equal(name, result.Expect(0).Output);
    }

    [Fact]
    public async Task AFreePortIsToldToTheCommand()
    {
        var nbdinfo = Tool.Require("nbdinfo");

        var result = await SharpNbdProgram.RunAsync(
            "-i", "127.0.0.1", "-p", "0", "memory", "5M", "--run", $"""{nbdinfo.Path} --size "nbd://127.0.0.1:$port"; echo "$uri:$unixsocket" """);

        var lines = result.Expect(0).Output.Split('\n');
        Assert.Equal($"{5 << 20}", lines[0]);
        Assert.Matches("^nbd://localhost:[1-9][0-9]*:$", lines[1]);
    }

    [Theory]
    [InlineData("<&-")]
    [InlineData(">&-")]
    [InlineData("2>&-")]
    public async Task ClosedStandardStreamsAreRefused(string redirection)
    {
        var shell = Tool.Require("sh");

        var result = await shell.RunAsync("-c", $"{SharpNbdProgram.Path} memory 1M --run 'touch /dev/null' {redirection}");

        Assert.Equal(1, result.ExitCode);
        Assert.Equal(redirection == "2>&-" ? 0 : 1, result.ErrorLines.Count);
    }
}

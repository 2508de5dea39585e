using System.Globalization;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>What makes every start slow is not in the program that is started, which becomes another one when that is asked for.</summary>
public sealed class WholeProgramTests : IDisposable
{
    private static readonly string Directory = Path.GetDirectoryName(new FileInfo(SharpNbdProgram.Path).ResolveLinkTarget(true)?.FullName ?? SharpNbdProgram.Path)!;

    private readonly TemporaryDirectory _directory = new();

    public WholeProgramTests()
    {
        Assert.SkipWhen(SharpNbdProgram.IsReplaced, "another program is tested");
        Assert.SkipUnless(File.Exists(Whole), "the program was not compiled to native code");
        File.WriteAllBytes(_directory["disk"], new byte[1 << 20]);
        File.WriteAllText(_directory["keys"], $"me:{new string('a', 64)}\n");
    }

    private static string Whole => Path.Combine(Directory, "whole", "sharpnbd");

    [Theory]
    [InlineData("memory", "1M")]
    [InlineData("--filter=log", "--filter=delay", "--filter=error", "memory", "1M", "logfile=/dev/null")]
    [InlineData("--tls=require", "--tls-psk={0}/keys", "memory", "1M")]
    [InlineData("file", "{0}/disk")]
    public async Task WhatNeedsNoPartOfItIsServedByTheLeanProgram(params string[] words)
    {
        await using var server = await StartAsync(words);

        Assert.EndsWith("/sharpnbd", Executable(server.ProcessId));
        Assert.False(Executable(server.ProcessId).EndsWith("/whole/sharpnbd", StringComparison.Ordinal), Executable(server.ProcessId));
    }

    [Theory]
    [InlineData("curl", "file://{0}/disk")]
    [InlineData("nbd", "command={1}", "arg=memory", "arg=1M")]
    [InlineData("--filter=log", "--tls-psk={0}/keys", "curl", "file://{0}/disk", "logfile=/dev/null")]
    public async Task WhatNeedsAPartOfItIsServedByTheWholeProgramInTheSameProcess(params string[] words)
    {
        await using var server = await StartAsync(words);

        Assert.EndsWith("/whole/sharpnbd", Executable(server.ProcessId));

        // Killed, it could not end the server that command= has started for it.
        await server.StopAsync();
    }

    [Fact]
    public async Task ItKeepsProcessArgumentsEnvironmentAndDescriptors()
    {
        var script = $$"""echo $$; exec 7<<X; exec '{{SharpNbdProgram.Path}}' -e 'a  b' curl 'file://{{_directory["disk"]}}' --run 'echo $PPID "$exportname $VARIABLE"; cat <&7; exit 5'"""
            + "\nseven\nX\n";

        var result = await Tool.Require("sh").RunAsync(
            new ToolOptions { Environment = new Dictionary<string, string?> { ["VARIABLE"] = "kept" } }, "-c", script);

        var lines = result.Expect(5).Output.Split('\n');
        Assert.Equal([$"{lines[0]} a  b kept", "seven"], lines[1..3]);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task ItGoesToTheBackground()
    {
        await using var server = await BackgroundServer.StartAsync("truncate -s 1M disk; $server curl file://$PWD/disk");

        using var client = server.Connect();

        Assert.Equal(1u << 20, client.Size);
        Assert.EndsWith("/whole/sharpnbd", server.Link("exe"));
    }

    [Fact]
    public async Task BothKnowTheSameParts()
    {
        foreach (var words in (string[][])[["--help"], ["curl", "--help"], ["nbd", "--help"], ["--long-options"], ["nosuch"], ["--version", "nbd"]])
        {
            var lean = await SharpNbdProgram.RunAsync(words);
            var whole = await Tool.ExecuteAsync(Whole, words, new ToolOptions());

            Assert.Equal((whole.ExitCode, whole.Output, whole.Error), (lean.ExitCode, lean.Output, lean.Error));
        }
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("nbd")]
    public async Task BothDescribeThePluginsThatOnlyTheWholeOneServes(string plugin)
    {
        var lean = (await SharpNbdProgram.RunAsync("--dump-plugin", plugin)).Expect(0).Output.Split('\n');
        var whole = (await Tool.ExecuteAsync(Whole, ["--dump-plugin", plugin], new ToolOptions())).Expect(0).Output.Split('\n');

        Assert.StartsWith("path=", lean[0], StringComparison.Ordinal);
        Assert.Equal(whole[1..], lean[1..]);
    }

    [Theory]
    [InlineData("curl", "http://localhost/disk")]
    [InlineData("nbd", "socket=/nonexistent")]
    public async Task WhereItIsMissingOneLineSaysSo(params string[] words)
    {
        File.Copy(Path.Combine(Directory, "sharpnbd"), _directory["sharpnbd"]);

        var result = await Tool.ExecuteAsync(_directory["sharpnbd"], ["-f", "-U", _directory["socket"], .. words], new ToolOptions());

        result.Expect(1);
        Assert.Equal(
            $"sharpnbd: error: the plugins curl and nbd take the whole of sharpnbd, which is not in {_directory["whole"]}", Assert.Single(result.ErrorLines));
        Assert.False(File.Exists(_directory["socket"]));
    }

    public void Dispose() => _directory.Dispose();

    private static string Executable(int processId) => new FileInfo($"/proc/{processId}/exe").LinkTarget!;

    // {0} is the directory of the test, {1} the program.
    private Task<ServerProgram> StartAsync(string[] words)
        => SharpNbdProgram.StartAsync(words.Select(word => string.Format(CultureInfo.InvariantCulture, word, _directory.Path, SharpNbdProgram.Path)));
}

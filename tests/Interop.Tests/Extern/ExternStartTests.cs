using System.Diagnostics;
using System.Globalization;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>However a server is started, one that has to load something starts the same way.</summary>
public sealed class ExternStartTests(ExternParts parts) : IClassFixture<ExternParts>
{
    [Fact]
    public async Task ItStaysTheSameProcessWithTheSameDescriptors()
    {
        var script = $$"""echo $$; exec 7<<X; exec '{{SharpNbdProgram.Path}}' -e 'a  b' '{{parts.Plugin}}' 1M --run 'echo $PPID "$exportname $VARIABLE"; cat <&7; exit 5'"""
            + "\nseven\nX\n";

        var result = await Tool.Require("sh").RunAsync(
            new ToolOptions { Environment = new Dictionary<string, string?> { ["VARIABLE"] = "kept" } }, "-c", script);

        var lines = result.Expect(5).Output.Split('\n');
        Assert.Equal([$"{lines[0]} a  b kept", "seven"], lines[1..3]);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task ItGoesToTheBackgroundWithARelativePath()
    {
        await using var server = await BackgroundServer.StartAsync($"cp '{parts.Plugin}' '{Path.GetDirectoryName(parts.Plugin)}'/Bouncy* .\n$server OffsetDisk.dll 1M");

        using var client = server.Connect();

        Assert.Equal(1u << 20, client.Size);
        Assert.Equal("/", server.Link("cwd"));
        Assert.Equal(["/dev/null", "/dev/null", "/dev/null"], [server.Link("fd/0"), server.Link("fd/1"), server.Link("fd/2")]);
    }

    [Fact]
    public async Task ItServesStandardInputAndOutput()
        => await (await Tool.RequireNbdshAsync()).OutputAsync(
            "-c", $"""h.connect_command(["{SharpNbdProgram.Path}", "-s", "{parts.Plugin}", "7M"]); assert h.pread(2, 250) == bytes([251, 1])""");

    [Fact]
    public async Task ItServesASocketThatIsHandedOver()
        => await (await Tool.RequireNbdshAsync()).OutputAsync(
            "-c", $"""h.connect_systemd_socket_activation(["{SharpNbdProgram.Path}", "{parts.Plugin}", "7M"]); assert h.pread(2, 250) == bytes([251, 1])""");

    [Fact]
    public async Task ItEndsWithItsParent()
    {
        using var directory = new TemporaryDirectory();
        using var ready = new Fifo(directory["pid"]);
        var script = $"'{SharpNbdProgram.Path}' --exit-with-parent -U '{directory["socket"]}' -P '{directory["pid"]}' '{parts.Plugin}' 1M 2>/dev/null & read line";
        using var parent = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true })!;
        using var server = new ProcessEnd(int.Parse(await ready.ReadLineAsync(), CultureInfo.InvariantCulture));

        parent.Kill();
        await parent.WaitForExitAsync();

        await server.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task WithoutARuntimeOneLineSaysSo()
    {
        var options = new ToolOptions { Environment = new Dictionary<string, string?> { ["DOTNET_ROOT"] = "/nonexistent" } };

        var result = await SharpNbdProgram.RunAsync(options, parts.Plugin, "1M", "--run", "true");

        // A program that could not be compiled to native code says it in the words of its runtime.
        Assert.NotEqual(0, result.ExitCode);
        if (Directory.Exists(Path.Combine(Path.GetDirectoryName(SharpNbdProgram.Path)!, "managed")))
        {
            Assert.Contains("takes the .NET 10 runtime, which is not installed", Assert.Single(result.ErrorLines));
        }
    }

    [Fact]
    public async Task ARuntimeIsFoundThroughThePath()
    {
        var dotnet = new FileInfo(Tool.Require("dotnet").Path);
        using var directory = new TemporaryDirectory();
        File.CreateSymbolicLink(directory["dotnet"], dotnet.FullName);
        var options = new ToolOptions { Environment = new Dictionary<string, string?> { ["PATH"] = $"{directory.Path}:/usr/bin:/bin" } };

        (await SharpNbdProgram.RunAsync(options, parts.Plugin, "1M", "--run", "true")).Expect(0);
    }
}

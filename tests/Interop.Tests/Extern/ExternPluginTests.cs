using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Plugins and filters that are loaded from assemblies, under real clients.</summary>
public sealed class ExternPluginTests(ExternParts parts) : IClassFixture<ExternParts>
{
    [Fact]
    public async Task APluginIsServedByItsPath()
    {
        using var directory = new TemporaryDirectory();
        await using var server = await SharpNbdProgram.StartAsync(parts.Plugin, "1M");

        await Tool.Require("nbdcopy").OutputAsync(server.Uri, directory["copy"]);

        var copy = File.ReadAllBytes(directory["copy"]);
        Assert.Equal(1 << 20, copy.Length);
        Assert.All(copy.Index(), pair => Assert.Equal(ExternParts.ByteAt(pair.Index), pair.Item));
        await server.StopAsync();
    }

    [Fact]
    public async Task PathsMayBeRelative()
    {
        var result = await RunAsync(parts.PluginDirectory, "OffsetDisk/OffsetDisk.dll", "size=3M", "--run", "nbdinfo --size $uri");

        Assert.Equal($"{3 << 20}\n", result.Expect(0).Output);
        Assert.Equal("", result.Error);
    }

    [Theory]
    [InlineData("memory", "1M")]
    [InlineData("PLUGIN", "1M")]
    public async Task AFilterStandsInFrontOfAnyPlugin(params string[] plugin)
    {
        var first = (byte)~(plugin[0] == "memory" ? 0 : ExternParts.ByteAt(0));

        await using var server = await SharpNbdProgram.StartAsync(
            [$"--filter={parts.Filter}", "--filter=delay", .. plugin.Select(word => word == "PLUGIN" ? parts.Plugin : word)]);

        await Nbdsh.RunAsync(server.Uri, $"h.connect_uri(uri); assert h.pread(1, 0) == bytes([{first}])");
    }

    [Fact]
    public async Task BothAreFoundByName()
    {
        var result = await RunAsync(
            "/", $"--plugindir={parts.PluginDirectory}", $"--filterdir={parts.FilterDirectory}", "--filter=flip", "offsetdisk", "2M", "--run", "nbdinfo --size $uri");

        Assert.Equal($"{2 << 20}\n", result.Expect(0).Output);
    }

    [Fact]
    public async Task TheEnvironmentMayNameTheDirectories()
    {
        var options = new ToolOptions
        {
            Environment = new Dictionary<string, string?>
            {
                ["SHARPNBD_PLUGINDIR"] = $"/nonexistent:{parts.PluginDirectory}",
                ["SHARPNBD_FILTERDIR"] = parts.FilterDirectory,
            },
        };

        var result = await SharpNbdProgram.RunAsync(options, "--filter=flip", "offset-disk", "2M", "--run", "nbdinfo --size $uri");

        Assert.Equal($"{2 << 20}\n", result.Expect(0).Output);
        Assert.Contains("plugindir=/nonexistent\n", (await SharpNbdProgram.RunAsync(options, "--dump-config")).Expect(0).Output);
    }

    [Fact]
    public async Task ABuiltInNameStaysBuiltIn()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["memory.dll"], "no assembly");

        var result = await SharpNbdProgram.RunAsync($"--plugindir={directory.Path}", "memory", "2M", "--run", "nbdinfo --size $uri");

        Assert.Equal($"{2 << 20}\n", result.Expect(0).Output);
    }

    [Fact]
    public async Task ItTellsOfItselfAsABuiltInOneDoes()
    {
        var version = (await SharpNbdProgram.RunAsync("--version", $"--filter={parts.Filter}", parts.Plugin)).Expect(0).Output;
        var help = (await SharpNbdProgram.RunAsync("--help", $"--filter={parts.Filter}", parts.Plugin)).Expect(0).Output;
        var dump = (await SharpNbdProgram.RunAsync("--dump-plugin", parts.Plugin)).Expect(0).Output.Split('\n');

        Assert.EndsWith("\nflip 0.0.0\noffsetdisk 0.0.0\n", version, StringComparison.Ordinal);
        Assert.Contains("plugin: offsetdisk (Disk of offsets)\n  size=SIZE ", help);
        Assert.Contains("filter: flip (flip bits)\n  flip=N ", help);
        Assert.Equal($"path={parts.Plugin}", dump[0]);
        Assert.Superset(new HashSet<string> { "name=offsetdisk", "version=0.0.0", "magic_config_key=size", "has_pread=1" }, dump.ToHashSet());
    }

    [Fact]
    public async Task LogsCallItByItsName()
    {
        await using var server = await SharpNbdProgram.StartAsync("-v", parts.Plugin, "1M");
        await Tool.Require("nbdinfo").OutputAsync(server.Uri);
        await server.StopAsync();

        Assert.Contains(server.Errors.Lines, line => line.Contains("offsetdisk.1: ", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Errors.Lines, line => line.Contains(".dll", StringComparison.Ordinal));
    }

    private static Task<ToolResult> RunAsync(string directory, params string[] arguments)
        => SharpNbdProgram.RunAsync(new ToolOptions { WorkingDirectory = directory }, arguments);
}

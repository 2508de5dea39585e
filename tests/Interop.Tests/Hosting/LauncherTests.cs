using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>The script that builds the server of this checkout and becomes it.</summary>
public sealed class LauncherTests
{
    [Fact]
    public async Task ItIsQuietWhenNothingIsToBeBuiltWhereverItIsCalledFrom()
    {
        using var directory = new TemporaryDirectory();
        File.CreateSymbolicLink(directory["link"], await BuiltLauncherAsync());

        var result = await Tool.ExecuteAsync(directory["link"], ["--version"], new ToolOptions { WorkingDirectory = directory.Path });

        Assert.StartsWith("sharpnbd ", result.Expect(0).Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task ItBecomesTheServerWithItsProcessIdArgumentsAndStatus()
    {
        var launcher = await BuiltLauncherAsync();

        var result = await Tool.Require("sh").RunAsync("-c", $"echo $$; exec {launcher} -e 'a  b' memory 1M --run 'echo $PPID \"$exportname\"; exit 7'");

        var lines = result.Expect(7).Output.Split('\n');
        Assert.Equal($"{lines[0]} a  b", lines[1]);
    }

    [Fact]
    public async Task ItPassesStandardInputAndDescriptorsOn()
    {
        var launcher = await BuiltLauncherAsync();

        var result = await Tool.Require("sh").RunAsync(
            new ToolOptions { Input = "in" }, "-c", $"exec 9<<X\nnine\nX\n{launcher} memory 1M --run 'cat; cat <&9'");

        Assert.Equal("innine\n", result.Expect(0).Output);
    }

    /// <summary>Its path; called once, so that what the test sees is not the building.</summary>
    private static async Task<string> BuiltLauncherAsync()
    {
        Assert.SkipWhen(SharpNbdProgram.IsReplaced, "another program is tested");
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(SharpNbdProgram.Path)!, "../.."));
        var launcher = Path.Combine(root, "sharpnbd");
        (await Tool.ExecuteAsync(launcher, ["--version"], new ToolOptions { Timeout = TimeSpan.FromMinutes(5) })).Expect(0);
        return launcher;
    }
}

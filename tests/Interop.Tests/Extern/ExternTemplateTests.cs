using System.Reflection;
using System.Text.RegularExpressions;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>The commands of the pages for authors, typed by somebody who has nothing but this checkout.</summary>
[Trait("Category", "Slow")]
[Collection("packages")]
public sealed class ExternTemplateTests
{
    private const string Checkout = "~/sharpnbd";

    private static readonly string ProductVersion = typeof(Abstractions.Disk).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    [Theory]
    [InlineData("docs/writing-a-plugin.md")]
    [InlineData("docs/writing-a-filter.md")]
    public async Task FiveCommandsServeADiskAndPrintWhatThePageShows(string page)
    {
        _ = Tool.Require("qemu-io");
        using var directory = new TemporaryDirectory();
        var text = Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, page)), "```console\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        var commands = Regex.Matches(text, @"^\$ (.*?)(?=^\$ |\z)", RegexOptions.Singleline | RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToList();
        var options = new ToolOptions { WorkingDirectory = directory.Path, Timeout = TimeSpan.FromMinutes(5), Environment = Environment(directory) };

        // Somebody new has no package yet; one that is there and up to date would not be made again.
        File.Delete(Path.Combine(Repository.Root, $"artifacts/packages/SharpNbd.Abstractions.{ProductVersion}.nupkg"));
        File.WriteAllText(directory["nuget.config"], "<configuration><packageSources><clear /></packageSources></configuration>");

        Assert.Equal(5, commands.Count);
        foreach (var (command, lines) in commands.Select(command => (command.Split('\n')[0], command.Split('\n')[1..])))
        {
            var result = await Tool.Require("sh").RunAsync(options, "-c", command.Replace(Checkout, Repository.Root, StringComparison.Ordinal));

            var printed = (result.Output + result.Error).Split('\n').Select(General).ToList();
            Assert.All(lines.Select(General), line => Assert.Contains(line, printed));
        }
    }

    // What the next run prints differently: where things lie, and how long it took.
    private static string General(string line) => Regex.Replace(Regex.Replace(line.Trim(), @"/[\w./-]+/", "DIRECTORY/"), @"\S+ sec \(.*\)", "TIME");

    // Nothing of the user's own settings is used or changed, but his packages.
    private static Dictionary<string, string?> Environment(TemporaryDirectory directory) => new()
    {
        ["DOTNET_CLI_HOME"] = directory["home"],
        ["NUGET_PACKAGES"] = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["UseSharedCompilation"] = "false",
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };
}

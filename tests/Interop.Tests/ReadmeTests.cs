using System.Text.RegularExpressions;
using SharpNbd.Filters;
using SharpNbd.Plugins;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void TheTableNamesEveryPluginThatIsBuiltAndNoOther()
        => Assert.Equal(BuiltInPlugins.All.Select(plugin => plugin.Name), Built("Plugins"));

    [Fact]
    public void TheTableNamesEveryFilterThatIsBuiltAndNoOther()
        => Assert.Equal(BuiltInFilters.All.Select(filter => filter.Name), Built("Filters"));

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    public void EveryLinkIntoTheRepositoryLeadsSomewhere(string page)
    {
        var links = Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, page)), @"\]\(([^):#]+)\)").Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(Repository.Root, link)), $"{page} links to {link}"));
    }

    private static string[] Built(string kind)
        => Text.Split('\n').Single(line => line.StartsWith($"| {kind} |", StringComparison.Ordinal)).Split('|')[2].Trim().Split(' ');
}

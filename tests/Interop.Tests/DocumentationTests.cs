using System.Text.RegularExpressions;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class DocumentationTests
{
    [Theory]
    [InlineData("docs/writing-a-plugin.md", "tests/Plugins.Tests/Documentation/ConstantExample.cs")]
    [InlineData("docs/writing-a-filter.md", "tests/Filters.Tests/Documentation/BadStartExample.cs")]
    public void TheCodeOnAPageIsCodeThatIsCompiledAndTested(string page, string code)
    {
        var blocks = Regex.Matches(Read(page), "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(block, Read(code), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docs/writing-a-plugin.md")]
    [InlineData("docs/writing-a-filter.md")]
    public void EveryLinkOnAPageLeadsSomewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        var links = Regex.Matches(Read(page), @"\]\(([^):#]+)[^)]*\)").Select(match => Path.GetFullPath(match.Groups[1].Value, folder)).ToList();

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(File.Exists(link) || Directory.Exists(link), $"{page} links to {link}"));
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));
}

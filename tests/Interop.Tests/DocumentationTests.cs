using System.Text.RegularExpressions;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

public sealed class DocumentationTests
{
    [Theory]
    [InlineData("docs/writing-a-plugin.md", "tests/Plugins.Tests/Documentation/ConstantExample.cs")]
    [InlineData("docs/writing-a-filter.md", "tests/Filters.Tests/Documentation/BadStartExample.cs")]
    [InlineData("docs/in-process.md", "tests/Interop.Tests/InProcess/InProcessExamples.cs")]
    public void TheCodeOnAPageIsCodeThatIsCompiledAndTested(string page, string code)
    {
        var blocks = Regex.Matches(Read(page), "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(WithoutIndent(block), WithoutIndent(Read(code)), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docs/writing-a-plugin.md")]
    [InlineData("docs/writing-a-filter.md")]
    [InlineData("docs/in-process.md")]
    [InlineData("docs/durability.md")]
    public void EveryLinkOnAPageLeadsSomewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        var links = Regex.Matches(Read(page), @"\]\(([^):#]+)[^)]*\)").Select(match => Path.GetFullPath(match.Groups[1].Value, folder)).ToList();

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(File.Exists(link) || Directory.Exists(link), $"{page} links to {link}"));
    }

    // A page may show the inside of a method.
    private static string WithoutIndent(string code) => Regex.Replace(code, "^ +", "", RegexOptions.Multiline);

    private static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path));
}

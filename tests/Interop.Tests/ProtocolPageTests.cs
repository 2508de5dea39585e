using System.Text.RegularExpressions;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary><c>docs/protocol.md</c> against the tests that it names.</summary>
public sealed class ProtocolPageTests
{
    private const int RowCount = 124;

    private static readonly string[][] Rows =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "protocol.md"))
            .Where(line => Regex.IsMatch(line, @"^\| \d+ \|"))
            .Select(line => line.Trim().Trim('|').Split(" | ")),
    ];

    [Fact]
    public void EveryRowIsThereOnceAndInOrder()
        => Assert.Equal(Enumerable.Range(1, RowCount).Select(number => $"{number}"), Rows.Select(row => row[0].Trim()));

    [Fact]
    public void EveryRowNamesItsTestOrSaysWhyThereIsNothingToTest()
        => Assert.All(Rows, row => Assert.True(
            LinksOf(row).Any() || Regex.IsMatch(row[^1].Trim(), "^no: .{20,}"), $"row {row[0].Trim()} says: {row[^1]}"));

    [Fact]
    public void EveryTestThatIsNamedExists()
        => Assert.All(Rows.SelectMany(LinksOf), link =>
        {
            var file = Path.Combine(Repository.Root, "docs", link.Path);
            Assert.True(File.Exists(file), $"the page links to {link.Path}");
            Assert.Matches($@"\s{link.Method}\(", File.ReadAllText(file));
        });

    private static IEnumerable<(string Method, string Path)> LinksOf(string[] row)
        => Regex.Matches(row[^1], @"\[(\w+)\]\(([^)]+)\)").Select(match => (match.Groups[1].Value, match.Groups[2].Value));
}

using System.IO.Compression;
using System.Text.RegularExpressions;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>A program that has added the package, and knows nothing else of this checkout.</summary>
[Trait("Category", "Slow")]
[Collection("packages")]
public sealed class PackageTests
{
    private const string Example = "examples/in-process";

    [Fact]
    public async Task OnePackageIsAllThatAProgramNeeds()
    {
        _ = Tool.Require("nbdinfo");
        using var feed = await PackageFeed.CreateAsync();

        var built = await feed.BuildAsync(Example);
        var result = await Tool.ExecuteAsync(Path.Combine(built, "InProcess"), [], new ToolOptions());

        Assert.Contains("export-size: 1048576", result.Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryPackageHasItsPageItsLicenceItsDocumentationAndItsSources()
    {
        using var feed = await PackageFeed.CreateAsync();

        var packages = Directory.GetFiles(feed.Packages, "*.nupkg").Where(package => HasAssembly(Names(package))).ToList();

        Assert.Superset(
            new HashSet<string?> { "SharpNbd.Abstractions", "SharpNbd.Filters", "SharpNbd.Plugins", "SharpNbd.Server" },
            packages.Select(package => Regex.Replace(Path.GetFileName(package), @"\.\d+\.\d+\.\d+.*", "")).ToHashSet<string?>());
        Assert.All(packages, package =>
        {
            var names = Names(package);
            Assert.Contains("README.md", names);
            Assert.Contains("LICENSE", names);
            Assert.Contains(names, name => name.StartsWith("lib/net10.0/", StringComparison.Ordinal) && name.EndsWith(".xml", StringComparison.Ordinal));
            Assert.Contains(names, name => name.StartsWith("lib/net10.0/", StringComparison.Ordinal) && name.EndsWith(".pdb", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void TheExampleOfTheReadmeIsTheOneThatIsTested()
        => Assert.Contains(
            File.ReadAllText(Path.Combine(Repository.Root, Example, "Program.cs")),
            File.ReadAllText(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);

    private static bool HasAssembly(IReadOnlyList<string> names) => names.Any(name => name.StartsWith("lib/net10.0/", StringComparison.Ordinal));

    private static List<string> Names(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => entry.FullName)];
    }
}

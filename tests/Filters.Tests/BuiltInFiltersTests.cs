using System.Text.RegularExpressions;
using SharpNbd.Abstractions;

namespace SharpNbd.Filters.Tests;

public sealed partial class BuiltInFiltersTests
{
    public static TheoryData<string> Names => [.. BuiltInFilters.All.Select(filter => filter.Name)];

    [Fact]
    public void Filters_are_listed_in_alphabetical_order()
        => Assert.Equal(BuiltInFilters.All.Select(filter => filter.Name).Order(StringComparer.Ordinal), BuiltInFilters.All.Select(filter => filter.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_lists_the_parameters_that_are_declared(string name)
    {
        var declared = Filter(name).Parameters.Declarations
            .Select(declaration => $"{declaration.Name}={declaration.ValueName}|{declaration.DefaultText}");

        var listed = Rows().Matches(File.ReadAllText(PageOf(name)))
            .Select(row => $"{row.Groups["parameter"].Value}|{row.Groups["default"].Value.Trim().Trim('`')}");

        Assert.Equal(declared, listed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_names_every_other_spelling(string name)
    {
        var page = File.ReadAllText(PageOf(name));

        Assert.All(Filter(name).Parameters.Declarations.SelectMany(declaration => declaration.Aliases),
            alias => Assert.Contains($"`{alias}=`", page, StringComparison.Ordinal));
    }

    private static Filter Filter(string name) => BuiltInFilters.All.Single(filter => filter.Name == name);

    private static string PageOf(string name)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var filters = Path.Combine(directory.FullName, "src", "Filters");
            if (Directory.Exists(filters))
            {
                return Directory.GetFiles(filters, $"{name}.md", SearchOption.AllDirectories).Single();
            }
        }

        throw new DirectoryNotFoundException("the sources lie beside the tests");
    }

    [GeneratedRegex(@"^\| `(?<parameter>[^`]+)` \|[^|]*\|(?<default>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Rows();
}

using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

public sealed class BuiltInFiltersTests
{
    public static TheoryData<string> Names => [.. BuiltInFilters.All.Select(filter => filter.Name)];

    [Fact]
    public void FiltersAreListedAlphabetically()
        => Assert.Equal(BuiltInFilters.All.Select(filter => filter.Name).Distinct().Order(StringComparer.Ordinal), BuiltInFilters.All.Select(filter => filter.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryFilterHasAPageThatAgreesWithItsParameters(string name)
        => Assert.Empty(ComponentPage.Complaints(BuiltInFilters.All.Single(filter => filter.Name == name), "src/Filters"));
}

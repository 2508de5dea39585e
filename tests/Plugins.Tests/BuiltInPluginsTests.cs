using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class BuiltInPluginsTests
{
    public static TheoryData<string> Names => [.. BuiltInPlugins.All.Select(plugin => plugin.Name)];

    [Fact]
    public void PluginsAreListedAlphabetically()
        => Assert.Equal(BuiltInPlugins.All.Select(plugin => plugin.Name).Distinct().Order(StringComparer.Ordinal), BuiltInPlugins.All.Select(plugin => plugin.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryPluginHasAPageThatAgreesWithItsParameters(string name)
        => Assert.Empty(ComponentPage.Complaints(BuiltInPlugins.All.Single(plugin => plugin.Name == name), "src/Plugins"));
}

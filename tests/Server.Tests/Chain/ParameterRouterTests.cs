using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

public sealed class ParameterRouterTests
{
    private static readonly Plugin Disk = new StubPlugin<DiskOptions>("disk", _ => new ArraySource([]));
    private static readonly Plugin Script = new StubPlugin<ScriptOptions>("sh", _ => new ArraySource([]));
    private static readonly Plugin Bare = new StubPlugin<NoOptions>("bare", _ => new ArraySource([]));
    private static readonly Filter Outer = new StubFilter<FilterOptions>("outer", (inner, _) => inner);
    private static readonly Filter Inner = new StubFilter<FilterOptions>("inner", (inner, _) => inner);

    [Fact]
    public void AKeyGoesToTheOutermostComponentThatDeclaresIt()
    {
        var routed = Route(Disk, [Outer, Inner], "rate=1", "shared=2", "size=3", "rates=4");

        Assert.Empty(routed.Errors);
        Assert.Equal("rate=1 shared=2 rates=4", Text(routed.Filters[0]));
        Assert.Equal("", Text(routed.Filters[1]));
        Assert.Equal("size=3", Text(routed.Plugin));
    }

    [Theory]
    [InlineData("1M", "size=1M")]
    [InlineData("=5", "size==5")]
    [InlineData("1.5=3", "size=1.5=3")]
    [InlineData("si!ze=3", "size=si!ze=3")]
    [InlineData("@words", "size=@words")]
    [InlineData("size", "size=size")]
    [InlineData("size=a=b", "size=a=b")]
    [InlineData("size=", "size=")]
    public void AWordThatIsNoKeyAndValueGoesToTheMagicKey(string word, string routed)
        => Assert.Equal(routed, Text(Route(Disk, [], word).Plugin));

    [Fact]
    public void EveryBareWordGoesToTheMagicKey() => Assert.Equal("size=1 size=2", Text(Route(Disk, [], "1", "2").Plugin));

    [Fact]
    public void WithoutAMagicKeyTheFirstBareWordIsTheScript()
    {
        var routed = Route(Script, [], "./x.sh", "key=1", "other");

        Assert.Equal("script=./x.sh key=1", Text(routed.Plugin));
        Assert.Equal("'other' is not KEY=VALUE, and sh takes no value without a key", Assert.Single(routed.Errors));
    }

    [Fact]
    public void AComponentThatTakesAnyKeyGetsWhatNobodyDeclares()
    {
        var routed = Route(Script, [Outer], "rate=1", "any.Thing-x_2=2");

        Assert.Equal("any.Thing-x_2=2", Text(routed.Plugin));
        Assert.Equal("rate=1", Text(routed.Filters[0]));
    }

    [Theory]
    [InlineData("sise=1", "unknown parameter 'sise'; did you mean size= of disk? (disk accepts size, shared; outer accepts rate, shared)")]
    [InlineData("raets=1", "unknown parameter 'raets'; did you mean rates= of outer? (disk accepts size, shared; outer accepts rate, shared)")]
    [InlineData("colour=1", "unknown parameter 'colour' (disk accepts size, shared; outer accepts rate, shared)")]
    [InlineData("Size=1", "unknown parameter 'Size'; did you mean size= of disk? (disk accepts size, shared; outer accepts rate, shared)")]
    public void AKeyThatNobodyTakesIsExplained(string word, string error) => Assert.Equal([error], Route(Disk, [Outer], word).Errors);

    [Fact]
    public void AMistypedKeyIsNotMissedBesides() => Assert.Equal("size=1", Text(Route(Disk, [], "sise=1").Plugin));

    [Fact]
    public void AComponentWithoutParametersSaysSo()
        => Assert.Equal(["unknown parameter 'foo': bare takes no parameters"], Route(Bare, [], "foo=1").Errors);

    private static RoutedParameters Route(Plugin plugin, Filter[] filters, params string[] words)
        => new ParameterRouter(plugin, filters).Route(words);

    private static string Text(IEnumerable<ParameterValue> values) => string.Join(' ', values.Select(value => $"{value.Key}={value.Value}"));

    internal sealed record DiskOptions
    {
        [Parameter("size", "How large.", IsMagic = true)]
        public ByteSize Size { get; init; }

        [Parameter("shared", "A key of both.")]
        public string Shared { get; init; } = "";
    }

    internal sealed record FilterOptions
    {
        [Parameter("rate", "How fast.", Aliases = ["rates"])]
        public int Rate { get; init; }

        [Parameter("shared", "A key of both.")]
        public string Shared { get; init; } = "";
    }

    internal sealed record ScriptOptions
    {
        [AnyOtherParameter("Handed to the script.")]
        public IReadOnlyList<ParameterValue> Others { get; init; } = [];
    }

    internal sealed record NoOptions;
}

namespace SharpNbd.Abstractions.Tests;

public sealed class ParameterTableTests
{
    [Fact]
    public void DeclarationsCarryWhatHelpNeeds()
    {
        var table = ParameterTable.Of<Options>();

        Assert.Equal(["size", "wait", "names", "verbose", "all", "first"], table.Declarations.Select(declaration => declaration.Name));
        Assert.Equal(["SIZE", "TIME", "TEXT", "BOOL", "N", "N"], table.Declarations.Select(declaration => declaration.ValueName));
        Assert.Equal([null, "40ms", null, "true", "3", "0"], table.Declarations.Select(declaration => declaration.DefaultText));
        Assert.Equal([true, false, false, false, false, false], table.Declarations.Select(declaration => declaration.IsRequired));
        Assert.Equal([false, false, true, false, false, false], table.Declarations.Select(declaration => declaration.IsRepeatable));
        Assert.Equal("size", table.Magic!.Name);
        Assert.Null(table.AnyOther);
    }

    [Fact]
    public void WhatIsNotGivenKeepsItsDefault()
    {
        var options = Bind("size=1");

        Assert.Equal(TimeSpan.FromMilliseconds(40), options.Wait);
        Assert.True(options.Verbose);
        Assert.Empty(options.Names);
    }

    [Fact]
    public void TheLastOfARepeatedKeyWinsWhateverItsSpelling()
    {
        var options = Bind("size=1", "wait=1", "size=2", "pause=3");

        Assert.Equal(2, options.Size.Value);
        Assert.Equal(TimeSpan.FromSeconds(3), options.Wait);
    }

    [Fact]
    public void AListCollectsAllInOrder() => Assert.Equal(["b", "a", "b"], Bind("size=1", "names=b", "names=a", "names=b").Names);

    [Theory]
    [InlineData(7, 7, "all=7")]
    [InlineData(1, 7, "all=7", "first=1")]
    [InlineData(7, 7, "first=1", "all=7")]
    public void PropertiesAreSetInTheOrderOfTheCommandLine(int first, int all, params string[] words)
    {
        var options = Bind([.. words, "size=1"]);

        Assert.Equal((first, all), (options.First, options.All));
    }

    [Fact]
    public void AllErrorsAreToldAtOnce()
    {
        string[] words = ["wait=x", "verbose=x", "first=13", "nosuch=1"];

        var errors = Assert.Throws<ParameterException>(() => Bind(words)).Errors;

        Assert.Equal(5, errors.Count);
        Assert.StartsWith("wait=x: a delay is", errors[0]);
        Assert.StartsWith("verbose=x: a boolean is", errors[1]);
        Assert.Equal("first=13: not this one", errors[2]);
        Assert.Equal("the parameter size=SIZE is missing: How large.", errors[3]);
        Assert.Equal("unknown parameter 'nosuch'", errors[4]);
        Assert.Equal(errors, ParameterTable.Of<Options>().Check(Values(words)));
    }

    [Fact]
    public void NothingIsWrongWithWhatCanBeBound() => Assert.Empty(ParameterTable.Of<Options>().Check(Values("size=1")));

    [Fact]
    public void OtherKeysGoWhereAnyAreTaken()
    {
        var table = ParameterTable.Of<ScriptOptions>();

        var options = table.Bind<ScriptOptions>(Values("b=2", "script=x", "a=1", "b=3"));

        Assert.Equal("x", options.Script);
        Assert.Equal(Values("b=2", "a=1", "b=3"), options.Others);
        Assert.Equal("Handed on.", table.AnyOther?.Help);
    }

    private static Options Bind(params string[] words) => ParameterTable.Of<Options>().Bind<Options>(Values(words));

    private static ParameterValue[] Values(params string[] words)
        => [.. words.Select(word => word.Split('=', 2)).Select(pair => new ParameterValue(pair[0], pair[1]))];

    internal sealed record Options
    {
        private readonly int _all = 3;

        [Parameter("size", "How large.", IsMagic = true)]
        public required ByteSize Size { get; init; }

        [Parameter("wait", "How long.", Aliases = ["pause"])]
        public TimeSpan Wait { get; init; } = TimeSpan.FromMilliseconds(40);

        [Parameter("names", "Whom.")]
        public IReadOnlyList<string> Names { get; init; } = [];

        [Parameter("verbose", "Whether.")]
        public bool Verbose { get; init; } = true;

        /// <summary>Sets several values, as wdelay does.</summary>
        [Parameter("all", "How many of all.")]
        public int All
        {
            get => _all;
            init => _all = First = value;
        }

        [Parameter("first", "How many of the first.")]
        public int First
        {
            get;
            init => field = value == 13 ? throw new FormatException("not this one") : value;
        }
    }

    internal sealed record ScriptOptions
    {
        [Parameter("script", "What to run.")]
        public string Script { get; init; } = "";

        [AnyOtherParameter("Handed on.")]
        public IReadOnlyList<ParameterValue> Others { get; init; } = [];
    }
}

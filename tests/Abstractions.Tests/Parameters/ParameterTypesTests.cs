namespace SharpNbd.Abstractions.Tests;

/// <summary>The syntax that a property's type picks.</summary>
public sealed class ParameterTypesTests
{
    [Theory]
    [InlineData("1", 10_000_000)]
    [InlineData("0", 0)]
    [InlineData("1s", 10_000_000)]
    [InlineData("1.5", 15_000_000)]
    [InlineData("40ms", 400_000)]
    [InlineData("1.5ms", 15_000)]
    [InlineData("100us", 1_000)]
    [InlineData("1.2us", 12)]
    [InlineData("1.2μs", 12)]
    [InlineData("1.2µs", 12)]
    [InlineData("1000ns", 10)]
    [InlineData("1ns", 1)]
    [InlineData("1e-3", 10_000)]
    public void ADelayIsSecondsOrHasAUnit(string text, long ticks) => Assert.Equal(ticks, Bind($"delay={text}").Delay.Ticks);

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("1m")]
    [InlineData("1h")]
    [InlineData("5xms")]
    [InlineData("1 s")]
    [InlineData("nan")]
    [InlineData("inf")]
    [InlineData("1e300")]
    [InlineData("ms")]
    public void AnotherDelayIsRefused(string text) => AssertRefused($"delay={text}", "such as 1.5, 40ms or 100us");

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("0.5", 0.5)]
    [InlineData("1e-2", 0.01)]
    [InlineData("50%", 0.5)]
    [InlineData("100%", 1)]
    [InlineData("0.5%", 0.005)]
    [InlineData("1:10", 0.1)]
    [InlineData("1/4", 0.25)]
    public void AProbabilityIsANumberAPercentageOrARatio(string text, double value)
        => Assert.Equal(value, Bind($"rate={text}").Rate.Value, precision: 12);

    [Theory]
    [InlineData("100")]
    [InlineData("-1")]
    [InlineData("101%")]
    [InlineData("1.01")]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("2:1")]
    [InlineData("1:0")]
    [InlineData("0/0")]
    [InlineData("nan")]
    public void AnotherProbabilityIsRefused(string text) => AssertRefused($"rate={text}", "a probability is a number from 0 to 1");

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("TRUE")]
    [InlineData("t")]
    [InlineData("Yes")]
    [InlineData("y")]
    [InlineData("on")]
    public void TheseMeanTrue(string text) => Assert.True(Bind($"bool={text}").Bool);

    [Theory]
    [InlineData("0")]
    [InlineData("False")]
    [InlineData("f")]
    [InlineData("no")]
    [InlineData("N")]
    [InlineData("off")]
    public void TheseMeanFalse(string text) => Assert.False(Bind("bool=1", $"bool={text}").Bool);

    [Theory]
    [InlineData("2")]
    [InlineData("")]
    [InlineData("ja")]
    public void AnotherBooleanIsRefused(string text) => AssertRefused($"bool={text}", "a boolean is one of");

    [Theory]
    [InlineData("10", 10)]
    [InlineData("-5", -5)]
    [InlineData("+7", 7)]
    [InlineData(" 7", 7)]
    [InlineData("0x1F", 31)]
    [InlineData("0X1f", 31)]
    [InlineData("-0x10", -16)]
    [InlineData("010", 8)]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("2147483647", int.MaxValue)]
    [InlineData("-2147483648", int.MinValue)]
    public void NumbersAreWrittenAsInC(string text, int number) => Assert.Equal(number, Bind($"int={text}").Int);

    [Theory]
    [InlineData("int", "2147483648")]
    [InlineData("int", "-2147483649")]
    [InlineData("int", "08")]
    [InlineData("int", "0x")]
    [InlineData("int", "0xg")]
    [InlineData("int", "1k")]
    [InlineData("int", "1 ")]
    [InlineData("int", "")]
    [InlineData("int", "-")]
    [InlineData("int", "1.5")]
    [InlineData("uint", "-1")]
    [InlineData("uint", "4294967296")]
    [InlineData("long", "9223372036854775808")]
    [InlineData("ulong", "18446744073709551616")]
    [InlineData("ulong", "99999999999999999999999999999999999999999999")]
    public void AnotherNumberIsRefused(string key, string text) => AssertRefused($"{key}={text}", "a whole number from");

    [Fact]
    public void EachKindOfNumberReachesItsEnds()
    {
        Assert.Equal(uint.MaxValue, Bind("uint=0xffffffff").Uint);
        Assert.Equal(long.MinValue, Bind("long=-9223372036854775808").Long);
        Assert.Equal(ulong.MaxValue, Bind("ulong=18446744073709551615").Ulong);
    }

    [Fact]
    public void AnEnumIsTypedInLowerCase() => Assert.Equal(DayOfWeek.Friday, Bind("day=friday").Day);

    [Theory]
    [InlineData("Friday")]
    [InlineData("5")]
    [InlineData("")]
    public void AnotherWordForAnEnumIsRefusedWithAllThatThereAre(string text)
        => AssertRefused($"day={text}", "one of sunday, monday, tuesday, wednesday, thursday, friday, saturday is needed");

    [Fact]
    public void APathIsMadeAbsoluteAtOnce()
    {
        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "x"), Bind("path=a/../x").Path.Value);
        AssertRefused("path=", "a path is needed");
    }

    [Fact]
    public void ASecretIsNotShown()
    {
        var secret = Bind("secret=hush").Secret!;

        Assert.Equal("hush", secret.Reveal());
        Assert.DoesNotContain("hush", $"{secret}");
    }

    [Fact]
    public void ASecretMayBeTheFirstLineOfAFile()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "hush\nnot this\n");

            Assert.Equal("hush", Bind($"secret=+{path}").Secret!.Reveal());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("+/nonexistent/secret", "/nonexistent/secret")]
    [InlineData("-0", "standard streams")]
    [InlineData("-2", "standard streams")]
    public void ASecretThatCannotBeReadIsRefused(string text, string message) => AssertRefused($"secret={text}", message);

    private static void AssertRefused(string word, string message)
    {
        var error = Assert.Single(Assert.Throws<ParameterException>(() => Bind(word)).Errors);
        Assert.StartsWith($"{word}: ", error);
        Assert.Contains(message, error);
    }

    private static Options Bind(params string[] words) => ParameterTable.Of<Options>().Bind<Options>(
        [.. words.Select(word => word.Split('=', 2)).Select(pair => new ParameterValue(pair[0], pair[1]))]);

    internal sealed record Options
    {
        [Parameter("delay", "A delay.")]
        public TimeSpan Delay { get; init; }

        [Parameter("rate", "A probability.")]
        public Probability Rate { get; init; }

        [Parameter("bool", "A boolean.")]
        public bool Bool { get; init; }

        [Parameter("int", "A number.")]
        public int Int { get; init; }

        [Parameter("uint", "A number.")]
        public uint Uint { get; init; }

        [Parameter("long", "A number.")]
        public long Long { get; init; }

        [Parameter("ulong", "A number.")]
        public ulong Ulong { get; init; }

        [Parameter("day", "An enum.")]
        public DayOfWeek Day { get; init; }

        [Parameter("path", "A path.")]
        public FilePath Path { get; init; }

        [Parameter("secret", "A secret.")]
        public Secret? Secret { get; init; }
    }
}

namespace SharpNbd.Server.Tests;

public sealed class CommandLineParserTests
{
    [Theory]
    [InlineData("-f -v -U s memory size=1M", "Foreground Verbose Unix=s", "memory size=1M")]
    [InlineData("memory -f size=1M -v", "Foreground Verbose", "memory size=1M")]
    [InlineData("-fvU s memory", "Foreground Verbose Unix=s", "memory")]
    [InlineData("-fvUs memory", "Foreground Verbose Unix=s", "memory")]
    [InlineData("-p10809 -t16", "Port=10809 Threads=16", "")]
    [InlineData("-U - -- -f --run", "Unix=-", "-f --run")]
    [InlineData("-U -f", "Unix=-f", "")]
    [InlineData("-P --", "PidFile=--", "")]
    [InlineData("--port=1 --port 2", "Port=1 Port=2", "")]
    [InlineData("--run=a=b", "Run=a=b", "")]
    [InlineData("--run=", "Run=", "")]
    [InlineData("-", "", "-")]
    [InlineData("memory @file size=@x", "", "memory @file size=@x")]
    [InlineData("-4 -6", "IPv4Only IPv6Only", "")]
    public void OptionsAndWordsMayStandInAnyOrderAndForm(string arguments, string options, string words)
    {
        var line = Parse(arguments);

        Assert.Empty(line.Errors);
        Assert.Equal(options, string.Join(' ', line.Options.Select(Text)));
        Assert.Equal(words, string.Join(' ', line.Words));
    }

    [Theory]
    [InlineData("--verb", "Verbose")]
    [InlineData("--vers", "Version")]
    [InlineData("--exportn=x", "ExportName=x")]
    [InlineData("--exp=x", "ExportName=x")]
    [InlineData("--export=x", "ExportName=x")]
    [InlineData("--filt=a --fil b", "Filter=a Filter=b")]
    [InlineData("--dump-p", "DumpPlugin")]
    [InlineData("--pid=x", "PidFile=x")]
    public void ALongNameMayBeAbbreviatedWhileItStaysUnambiguous(string arguments, string options)
        => Assert.Equal(options, string.Join(' ', Parse(arguments).Options.Select(Text)));

    [Theory]
    [InlineData("--tls-p=x", "TlsPsk=x")]
    [InlineData("--t=3", "")]
    [InlineData("--ti=3", "Timeout=3")]
    public void AnAbbreviationOfNbdkit132IsNotMadeAmbiguousByNewerOptions(string arguments, string options)
        => Assert.Equal(options, string.Join(' ', Parse(arguments).Options.Select(Text)));

    [Theory]
    [InlineData("--ver", "--ver is ambiguous: --version, --verbose")]
    [InlineData("--ex=3", "--ex is ambiguous: --exportname, --export-name, --export, --exit-with-parent")]
    [InlineData("--nosuch", "there is no option --nosuch (--help lists all)")]
    [InlineData("--treads=4", "there is no option --treads; did you mean --threads? (--help lists all)")]
    [InlineData("--=4", "there is no option -- (--help lists all)")]
    [InlineData("-fZv", "there is no option -Z (--help lists all)")]
    [InlineData("--help=3", "--help takes no value")]
    [InlineData("-p", "-p needs a value: -p PORT")]
    [InlineData("-vp", "-p needs a value: -p PORT")]
    [InlineData("--run", "--run needs a value: --run COMMAND")]
    public void WhatCannotBeReadIsNamed(string arguments, string error) => Assert.Equal([error], Parse(arguments).Errors);

    [Fact]
    public void AllErrorsAreFoundAtOnce() => Assert.Equal(3, Parse("--nosuch -Z memory -p").Errors.Count);

    [Fact]
    public void EveryOptionHasItsOwnNamesAndLetter()
    {
        var names = OptionTable.All.SelectMany(option => option.Long).ToList();
        var letters = OptionTable.All.Select(option => option.Short).OfType<char>().ToList();

        Assert.Equal(names.Distinct(), names);
        Assert.Equal(letters.Distinct(), letters);
        Assert.Equal(Enum.GetValues<Option>().Order(), OptionTable.All.Select(option => option.Option).Order());
    }

    private static CommandLine Parse(string arguments)
        => new CommandLineParser(OptionTable.All).Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string Text(GivenOption given)
        => given.Definition.TakesValue ? $"{given.Definition.Option}={given.Value}" : $"{given.Definition.Option}";
}

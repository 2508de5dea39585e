namespace SharpNbd.Plugins.Tests;

public sealed class IsoParametersTests : IsoTest
{
    [Theory]
    [InlineData("-udf", "params: -udf is not known to the iso plugin; prog=xorriso, prog=genisoimage or prog=mkisofs has a program make the image that may know it")]
    [InlineData("-JZ", "params: -JZ is not known")]
    [InlineData("--nonsense=1", "params: --nonsense=1 is not known")]
    [InlineData("-V", "params: -V needs a value behind it")]
    [InlineData("-V 123456789012345678901234567890123", "at most 32 bytes fit")]
    [InlineData("-iso-level 5", "params: -iso-level 5: a number from 1 to 4 is needed")]
    [InlineData("-input-charset klingon", "one of utf-8, iso8859-1, us-ascii is needed")]
    [InlineData("-file-mode 9", "permissions are octal digits")]
    [InlineData("-o image.iso", "the image is served and not written to a file")]
    [InlineData("-V 'My Disk", "params: a quote is not closed")]
    [InlineData("-V $HOME", "params: '$' has a meaning for shells")]
    [InlineData("-exclude-list /nonexistent/list", "params: -exclude-list /nonexistent/list:")]
    [InlineData("-no-emul-boot", "params: options of a boot image need -b or -e with its path")]
    [InlineData("-isohybrid-mbr /nonexistent", "params: -isohybrid-mbr needs a boot image of isolinux, named by -b")]
    [InlineData("-b missing -no-emul-boot", "params: the boot image missing is not a file in the image")]
    [InlineData("-b file", "params: the boot image file has 7 bytes, which is no floppy disk")]
    [InlineData("-b file -no-emul-boot -boot-info-table", "params: -boot-info-table: the boot image file is too short for it")]
    [InlineData("-b file -no-emul-boot -c none/boot.cat", "params: -c none/boot.cat: a file's name is needed")]
    [InlineData("-b file -no-emul-boot -isohybrid-mbr /nonexistent", "params: -isohybrid-mbr /nonexistent:")]
    public async Task WhatIsWrongIsNamedInOneLine(string options, string expected)
    {
        Write("file", "content");
        var error = Assert.Single(await RefusalAsync(options));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public async Task AllThatIsWrongIsTold() => Assert.Equal(3, (await RefusalAsync("-udf -iso-level 0 -hfs")).Count);

    [Theory]
    [InlineData("-JrT")]
    [InlineData("-J -r -T")]
    [InlineData("--joliet --rational-rock -translation-table")]
    public void OptionsAreSpelledAsForMkisofs(string options)
    {
        var settings = IsoParameters.Parse(options);
        Assert.True(settings.HasJoliet);
        Assert.Equal(RockRidge.Rational, settings.RockRidge);
        Assert.Equal("TRANS.TBL", settings.TranslationTable);
    }

    [Theory]
    [InlineData("-V \"My Disk\"")]
    [InlineData("-V 'My Disk'")]
    [InlineData("-V My\\ Disk")]
    [InlineData("-JV \"My Disk\"")]
    [InlineData("-V\"My Disk\"")]
    [InlineData("-volid=My' 'Disk")]
    public void WordsAreQuotedAsForAShell(string options) => Assert.Equal("My Disk", IsoParameters.Parse(options).VolumeId);

    [Theory]
    [InlineData("*.o", "a.o", true)]
    [InlineData("*.o", "a.oo", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a[b-d]c", "acc", true)]
    [InlineData("a[!b-d]c", "acc", false)]
    [InlineData("a[]]c", "a]c", true)]
    [InlineData("a\\*", "a*", true)]
    [InlineData("a\\*", "ab", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b*c", "xxaxxbxx", false)]
    [InlineData("[", "[", true)]
    [InlineData("", "", true)]
    [InlineData("/dir/*.o", "b.o", true)]
    public void PatternsAreThoseOfAShell(string pattern, string name, bool isMatch)
        => Assert.Equal(isMatch, new Glob(pattern).Matches(name, $"/dir/{name}"));
}

namespace SharpNbd.Plugins.Tests;

/// <summary>What a reader that knows no extension sees, and what Joliet shows.</summary>
public sealed class IsoNameTests : IsoTest
{
    [Theory]
    [InlineData("-iso-level 1", "/LONG_NAM.TEX;1")]
    [InlineData("", "/LONG_NAME_WITH_SPACES.TEXT;1")]
    [InlineData("-iso-level 1 -l", "/LONG_NAME_WITH_SPACES.TEXT;1")]
    [InlineData("-N", "/LONG_NAME_WITH_SPACES.TEXT")]
    [InlineData("-allow-lowercase", "/Long_name_with_spaces.text;1")]
    [InlineData("-relaxed-filenames -allow-lowercase", "/Long_name_with_spaces.text;1")]
    [InlineData("-U", "/Long name with spaces.text")]
    [InlineData("-iso-level 4", "/Long_name_with_spaces.text")]
    public async Task NamesFollowTheLevel(string options, string expected)
    {
        Write("Long name with spaces.text", "content");
        var image = await MakeAsync(options);
        Assert.Equal([expected], await PathsAsync(image));
        Assert.Equal("content", await ContentAsync(image, expected));
    }

    [Theory]
    [InlineData(".profile", "/_PROFILE.;1", "")]
    [InlineData(".profile", "/.PROFILE.;1", "-L")]
    [InlineData("a.tar.gz", "/A_TAR.GZ;1", "")]
    [InlineData("a.tar.gz", "/A.TAR.GZ;1", "-allow-multidot")]
    [InlineData("README", "/README.;1", "")]
    [InlineData("README", "/README;1", "-d")]
    [InlineData("ähnlich", "/_HNLICH.;1", "")]
    public async Task CharactersThatAreNotAllowedAreReplaced(string name, string expected, string options)
    {
        Write(name, "");
        Assert.Equal([expected], await PathsAsync(await MakeAsync(options)));
    }

    [Fact]
    public async Task NamesThatWouldBeTheSameGetNumbers()
    {
        Write("a b", "1");
        Write("a-b", "2");
        Write("a_b", "3");
        var image = await MakeAsync("-iso-level 1");
        Assert.Equal(["/A_B.;1", "/A_B000.;1", "/A_B001.;1"], await PathsAsync(image));
        Assert.Equal("3", await ContentAsync(image, "/A_B001.;1"));
    }

    [Theory]
    [InlineData("-J", 64)]
    [InlineData("-joliet-long", 103)]
    public async Task JolietHoldsLongNames(string options, int length)
    {
        Write("The " + new string('x', 200), "content");
        Assert.Equal(["/The " + new string('x', length - 4)], await PathsAsync(await MakeAsync(options), "-J"));
    }

    [Fact]
    public async Task TheTranslationTableTellsTheRealNames()
    {
        Write("Long name", "1");
        Write("directory/ä", "2");
        var image = await MakeAsync("-T -iso-level 1");
        var lines = (await ContentAsync(image, "/TRANS.TBL;1")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([("F LONG_NAM.;1", "Long name"), ("D DIRECTOR", "directory")], lines.Select(line => line.Split('\t')).Select(parts => (parts[0].TrimEnd(), parts[1])));
        Assert.Equal(["/DIRECTOR", "/DIRECTOR/TRANS.TBL;1", "/DIRECTOR/_.;1", "/LONG_NAM.;1", "/TRANS.TBL;1"], (await PathsAsync(image)).Order(StringComparer.Ordinal));
    }
}

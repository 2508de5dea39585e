namespace SharpNbd.Plugins.Tests;

public sealed class ShortNamesTests
{
    [Theory]
    [InlineData("README.TXT", "README.TXT")]
    [InlineData("readme.txt", "README.TXT")]
    [InlineData("Makefile", "MAKEFILE")]
    [InlineData("a long name.text", "ALONGN~1.TEX")]
    [InlineData("archive.tar.gz", "ARCHIV~1.GZ")]
    [InlineData(".profile", "PROFIL~1")]
    [InlineData("größe", "GR__E~1")]
    [InlineData("öffnung", "_FFNUN~1")]
    [InlineData("日本語.txt", "___~1.TXT")]
    [InlineData("a+b.c", "A_B~1.C")]
    [InlineData("....", "~1")]
    public void ALongNameHasAShortOneThatResemblesIt(string name, string expected) => Assert.Equal([expected], Assign(name));

    [Fact]
    public void NamesThatBeginAlikeAreNumbered()
    {
        var names = Enumerable.Range(1, 120).Select(number => $"a long name {number}").ToArray();

        var assigned = Assign(names);

        Assert.Equal("ALONGN~1", assigned[0]);
        Assert.Equal("ALONG~10", assigned[9]);
        Assert.Equal("ALON~120", assigned[119]);
    }

    [Fact]
    public void ANumberedNameIsNotTheNameOfAnotherFile()
        => Assert.Equal(["ALONGN~2", "ALONGN~1"], Assign("a long name", "alongn~1"));

    [Fact]
    public void AsManyNamesAsADirectoryHoldsAreAllDifferentAndSoonGiven()
    {
        var names = Enumerable.Range(0, 30_000).Select(number => $"{number * 7919 % 30_000:x} is the name of a file.extension").ToArray();

        Assert.Equal(names.Length, Assign(names).Distinct().Count());
    }

    private static string[] Assign(params string[] names)
    {
        List<FloppyNode> nodes = [.. names.Select(name => new FloppyFile(name, 0, default))];
        ShortNames.Assign(nodes);
        return [.. nodes.Select(node => node.ShortName.ToString())];
    }
}

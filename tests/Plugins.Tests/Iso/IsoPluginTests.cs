using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class IsoPluginTests : IsoTest
{
    [Fact]
    public async Task TheSameTreeGivesTheSameBytes()
    {
        Write("a/b", "content");
        Write("c", "more");
        var first = await MakeAsync("-JrT");
        await Tool.Require("cp").OutputAsync("-a", Tree, Directory["copy"]);
        System.IO.Directory.Delete(Tree, recursive: true);
        System.IO.Directory.Move(Directory["copy"], Tree);
        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(await MakeAsync("-JrT")));
    }

    [Fact]
    public async Task LaterDirectoriesAreMergedIntoEarlierOnes()
    {
        Write("both", "first");
        Write("sub/one", "1");
        var other = Directory["other"];
        System.IO.Directory.CreateDirectory(Path.Combine(other, "sub"));
        File.WriteAllText(Path.Combine(other, "both"), "second");
        File.WriteAllText(Path.Combine(other, "sub", "two"), "2");

        var image = await MakeAsync("-R", $"dir={other}");

        Assert.Equal(["/both", "/sub", "/sub/one", "/sub/two"], (await PathsAsync(image, "-R")).Order(StringComparer.Ordinal));
        Assert.Equal("second", await ContentAsync(image, "/both", "-R"));
    }

    [Fact]
    public async Task GraftPointsPutThingsElsewhere()
    {
        var file = Write("file", "content");
        var image = await MakeAsync($"-R -graft-points /deep/down/=\"{file}\" /renamed.txt={file} /whole={Tree}");
        Assert.Equal(
            ["/deep", "/deep/down", "/deep/down/file", "/file", "/renamed.txt", "/whole", "/whole/file"],
            (await PathsAsync(image, "-R")).Order(StringComparer.Ordinal));
        Assert.Equal("content", await ContentAsync(image, "/renamed.txt", "-R"));
    }

    [Theory]
    [InlineData("-m *.o", "/b.c /sub /sub/d.c")]
    [InlineData("-m 'sub'", "/a.o /b.c")]
    [InlineData("-x TREE/sub -m \\?.c", "/a.o")]
    [InlineData("-hide b.c", "/a.o /sub /sub/d.c /sub/e.o")]
    public async Task WhatIsExcludedOrHiddenIsNotThere(string options, string expected)
    {
        foreach (var name in (string[])["a.o", "b.c", "sub/d.c", "sub/e.o"])
        {
            Write(name, "");
        }

        options = options.Replace("TREE", Tree, StringComparison.Ordinal).Replace("-m *", "-m '*'", StringComparison.Ordinal);
        Assert.Equal(expected, string.Join(' ', (await PathsAsync(await MakeAsync("-R -N " + options), "-R")).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task WhatIsHiddenFromJolietIsInTheOtherTree()
    {
        Write("seen", "");
        Write("hidden", "");
        var image = await MakeAsync("-R -J -hide-joliet hidden");
        Assert.Equal(["/seen"], await PathsAsync(image, "-J"));
        Assert.Equal(["/hidden", "/seen"], await PathsAsync(image, "-R"));
    }

    [Fact]
    public async Task LinksAreFollowedOnlyOnDemand()
    {
        Write("file", "content");
        File.CreateSymbolicLink(Path.Combine(Tree, "link"), "file");
        File.CreateSymbolicLink(Path.Combine(Tree, "circle"), ".");
        Assert.Equal(["/file"], await PathsAsync(await MakeAsync("-N -d -J"), "-J"));
        Assert.Equal(["/file", "/link"], (await PathsAsync(await MakeAsync("-R -f"), "-R")).Order(StringComparer.Ordinal));
        Assert.Collection(Logger.Messages,
            line => Assert.Contains("2 symbolic links, devices, pipes or sockets are left out", line, StringComparison.Ordinal),
            line => Assert.Contains("1 directories lead back to themselves", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task HardLinksShareTheirContent()
    {
        Write("one", new string('x', 1 << 20));
        await Tool.Require("ln").OutputAsync(Path.Combine(Tree, "one"), Path.Combine(Tree, "two"));
        var image = await MakeAsync("-R -no-pad");
        Assert.InRange(new FileInfo(image).Length, 1 << 20, (1 << 20) + 100_000);
        Assert.Equal(1 << 20, (await ContentAsync(image, "/two", "-R")).Length);
    }

    [Fact]
    public async Task TheVolumeSaysWhatItIsTold()
    {
        Write("file", "");
        var image = await MakeAsync("-V \"My Disk\" -A app -publisher 'The Publisher' -p me -sysid SYS -volset set -copyright c.txt -abstract a.txt -biblio b.txt");
        var facts = await Tool.Require("isoinfo").OutputAsync("-d", "-i", image);
        string[] expected =
        [
            "System id: SYS", "Volume id: My Disk", "Volume set id: set", "Publisher id: The Publisher", "Data preparer id: me", "Application id: app",
            "Copyright File id: c.txt", "Abstract File id: a.txt", "Bibliographic File id: b.txt",
        ];
        Assert.All(expected, line => Assert.Contains(line, facts.Split('\n')));
    }

    [Fact]
    public async Task SomethingToServeIsNeeded()
    {
        var error = await Assert.ThrowsAsync<Abstractions.ParameterException>(async () => await PluginRunner.CreateAsync(new IsoPlugin(), "params=-J"));
        Assert.StartsWith("dir=DIRECTORY is needed", Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADirectoryThatIsNotThereIsNamed()
        => Assert.Equal($"dir={Directory["missing"]}: No such file or directory", Assert.Single(await RefusalAsync("", $"dir={Directory["missing"]}")));
}

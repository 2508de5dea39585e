using SharpNbd.TestKit;

namespace SharpNbd.Viewer.Tests;

/// <summary>Drawing without a page.</summary>
public sealed class SnapshotTests(Chromium chromium)
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task TheFileHasTheColoursOfThePageAndTheWordsTheCounters()
    {
        using var directory = new TemporaryDirectory();
        await using (var server = await SharpNbdProgram.StartAsync("--filter=log", "memory", "size=67108864", $"logfile={directory["log"]}"))
        {
            var nbdsh = await Tool.RequireNbdshAsync();
            await nbdsh.OutputAsync("-u", server.Uri, "-c", "h.pwrite(bytes(8 << 20), 0); h.trim(4 << 20, 16 << 20); h.pread(4096, 32 << 20)");
        }

        var result = await ViewerProgram.RunAsync("--snapshot", directory["out.png"], directory["log"], "64M");

        Assert.Equal("log: 64 MiB, a block is 4 KiB; 3 requests (1 read, 1 write, 1 trim), 12 MiB, 0 errors\n", result.Expect(0).Output);
        await using var viewer = await ViewerProgram.StartAsync(directory["log"]);
        await using var page = await chromium.OpenAsync(viewer.Address);
        var colours = await PngColours.CountAsync(page.Page, directory["out.png"]);

        // 16 pixels a block: 4 by 4.
        Assert.Equal(2048 * 16, colours[Colours.Written]);
        Assert.Equal(1024 * 16, colours[Colours.Trimmed]);
        Assert.Equal((16384 - 2048 - 1024) * 16, colours[Colours.Untouched]);
    }

    [Fact]
    public async Task AMomentOfTheLogCanBeDrawn()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["log"], new LogText().Ready().Connect(1 << 20).At(10).Done("Write", 1).At(20).Done("Write", 2, 4096).ToString());

        var result = await ViewerProgram.RunAsync("--snapshot", directory["out.png"], "--at", "15", directory["log"]);

        Assert.Contains("1 request (1 write)", result.Expect(0).Output);
    }

    [Theory]
    [InlineData("missing", "missing: there is no such file")]
    [InlineData("empty", "empty does not tell the disk's size")]
    public async Task WhatCannotBeDrawnIsSaidInALine(string name, string message)
    {
        using var directory = new TemporaryDirectory();
        directory.Write("empty", []);

        var result = (await ViewerProgram.RunAsync("--snapshot", directory["out.png"], directory[name])).Expect(1);

        Assert.Contains(message, Assert.Single(result.ErrorLines));
        Assert.False(File.Exists(directory["out.png"]));
    }
}

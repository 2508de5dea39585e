using Microsoft.Playwright;
using SharpNbd.TestKit;

namespace SharpNbd.Viewer.Tests;

/// <summary>The page of one disk, in a real browser, above real servers that real clients use.</summary>
public sealed class DiskPageTests(Chromium chromium)
{
    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhatAClientDoesIsSeenWhicheverServerWritesTheLog(bool isNbdkit)
    {
        using var directory = new TemporaryDirectory();
        string[] arguments = ["--filter=error", "--filter=log", "memory", "size=67108864", $"logfile={directory["log"]}", "error-rate=100%", $"error-file={directory["error"]}"];
        await using var viewer = await ViewerProgram.StartAsync(directory["log"]);
        await using var page = await chromium.OpenAsync(viewer.Address);
        await Assertions.Expect(page.Page.GetByText($"Waiting for {directory["log"]}")).ToBeVisibleAsync();

        await using var server = await (isNbdkit ? NbdkitProgram.StartAsync(arguments) : SharpNbdProgram.StartAsync(arguments));
        await RunAsync(server, """
            h.pwrite(bytes(8192), 4096)
            h.zero(4096, 1 << 20)
            h.trim(4096, 2 << 20)
            h.pread(4096, 4096)
            h.pread(4096, 3 << 20)
            h.flush()
            """);

        await page.ExpectColourAsync(4096, Colours.Written);
        await page.ExpectColourAsync(8192, Colours.Written);
        await page.ExpectColourAsync(12288, Colours.Untouched);
        await page.ExpectColourAsync(1 << 20, Colours.Zeroed);
        await page.ExpectColourAsync(2 << 20, Colours.Trimmed);
        await page.ExpectColourAsync(3 << 20, Colours.Untouched);
        await page.ExpectCounterAsync("write", 1, "8 KiB", "–");
        await page.ExpectCounterAsync("read", 2, "8 KiB", "–");
        await page.ExpectStatedAsync("64 MiB, ready: 6 requests, 2 read (8 KiB), 1 write (8 KiB), 1 zero (4 KiB), 1 trim (4 KiB), 1 flush, 0 errors");
        await Assertions.Expect(page.Page.GetByText("64 MiB · a block is 4 KiB")).ToBeVisibleAsync();
        await Assertions.Expect(page.Page.Locator("#requests tbody tr")).ToHaveCountAsync(6);
    }

    [Fact]
    public async Task ARequestShowsFromItsCallLineToItsReturnLine()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["log"], new LogText().Ready().Connect(64 << 20).ToString());
        await using var viewer = await ViewerProgram.StartAsync(directory["log"]);
        await using var page = await chromium.OpenAsync(viewer.Address);

        Append(new LogText().At(1).Call("Write", 1).Call("Read", 2, 4096));
        await page.ExpectColourAsync(0, Colours.Writing);
        await page.ExpectColourAsync(4096, Colours.Reading);
        await page.ExpectStatedAsync("2 in flight");

        Append(new LogText().At(1).Line("connection=1 ...Write id=1 return=0").Line("connection=1 ...Read id=2 return=-1 error=EIO"));
        await page.ExpectColourAsync(0, Colours.Written);
        await page.ExpectColourAsync(4096, Colours.Failed);
        await page.ExpectCounterAsync("read", 1, "–", "1");

        void Append(LogText text) => File.AppendAllText(directory["log"], text.ToString());
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task ABlockTellsAboutItselfToTheMouseAndToTheKeyboard()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["log"], new LogText().Ready().Connect(64 << 20).Done("Write", 1, 4096).Done("Read", 2, 4096).ToString());
        await using var viewer = await ViewerProgram.StartAsync(directory["log"]);
        await using var page = await chromium.OpenAsync(viewer.Address);
        await page.ExpectColourAsync(4096, Colours.Written);
        var tip = page.Page.Locator("#tip");

        var box = (await page.Picture().BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + (box.Width * 1.5f / 128), box.Y + 1);
        await Assertions.Expect(tip).ToContainTextAsync("0x1000 (4 KiB)");
        await Assertions.Expect(tip).ToContainTextAsync("last a read at");
        await Assertions.Expect(tip).ToContainTextAsync("2 requests");

        await page.Picture().FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(tip).ToContainTextAsync("0x81000");
        await Assertions.Expect(page.Page.Locator("#spoken")).ToContainTextAsync("untouched");
    }

    [Fact]
    public async Task AFinishedLogIsReplayedSteppedThroughAndScrubbed()
    {
        using var directory = new TemporaryDirectory();
        var text = new LogText().Ready().Connect(64 << 20)
            .At(100).Done("Write", 1).At(200).Call("Write", 2, 4096).At(300).Return(2).At(400).Done("Trim", 3, 8192);
        File.WriteAllText(directory["log"], text.ToString());
        await using var viewer = await ViewerProgram.StartAsync(directory["log"]);
        await using var page = await chromium.OpenAsync(viewer.Address);
        await page.ExpectColourAsync(8192, Colours.Trimmed);

        await page.Button("Pause").ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Paused");
        await page.Page.GetByRole(AriaRole.Slider, new() { Name = "Moment" }).FillAsync("3750");
        await page.ExpectColourAsync(0, Colours.Written);
        await page.ExpectColourAsync(4096, Colours.Untouched);
        await page.ExpectCounterAsync("write", 1, "4 KiB", "–");

        await page.Button("Step").ClickAsync();
        await page.ExpectColourAsync(4096, Colours.Writing);
        await Assertions.Expect(page.Page.Locator("#clock")).ToHaveTextAsync("3:20.000 / 6:40.000");
        await page.Button("Step").ClickAsync();
        await page.ExpectColourAsync(4096, Colours.Written);
        await page.Button("Step back").ClickAsync();
        await page.ExpectColourAsync(4096, Colours.Writing);

        await page.Page.GetByLabel("Speed").SelectOptionAsync("100");
        await page.Button("Replay").ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Replaying");
        await page.ExpectColourAsync(0, Colours.Untouched);
        await page.ExpectColourAsync(0, Colours.Written);
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Live");
        await page.ExpectColourAsync(8192, Colours.Trimmed);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task EveryControlOfTimeHasAKey()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["log"], new LogText().Ready().Connect(64 << 20).At(100).Done("Write", 1).At(200).Done("Write", 2, 4096).ToString());
        await using var viewer = await ViewerProgram.StartAsync(directory["log"]);
        await using var page = await chromium.OpenAsync(viewer.Address);
        await page.ExpectColourAsync(4096, Colours.Written);

        await page.Page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Button("Play")).ToBeVisibleAsync();
        await page.Page.Keyboard.PressAsync("ArrowLeft");
        await page.ExpectColourAsync(4096, Colours.Writing);
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await page.ExpectColourAsync(4096, Colours.Written);
        await page.Page.Keyboard.PressAsync("Home");
        await page.ExpectColourAsync(0, Colours.Untouched);
        await page.Page.Keyboard.PressAsync("End");
        await page.ExpectColourAsync(0, Colours.Written);
        await Assertions.Expect(page.Button("Live")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task ThePageSavesAPictureAndAVideo()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["log"], new LogText().Ready().Connect(64 << 20).Done("Write", 1, 0, 64 << 20).ToString());
        await using var viewer = await ViewerProgram.StartAsync(directory["log"]);
        await using var page = await chromium.OpenAsync(viewer.Address);
        await page.ExpectColourAsync(0, Colours.Written);

        var picture = await page.Page.RunAndWaitForDownloadAsync(() => page.Button("Snapshot").ClickAsync());
        await picture.SaveAsAsync(directory["page.png"]);
        Assert.EndsWith(".png", picture.SuggestedFilename);
        var colours = await PngColours.CountAsync(page.Page, directory["page.png"]);
        Assert.Equal(640 * 640, colours.GetValueOrDefault(Colours.Written), tolerance: 500);

        await page.Button("Record").ClickAsync();
        await Assertions.Expect(page.Button("Stop recording")).ToHaveAttributeAsync("aria-pressed", "true");
        File.AppendAllText(directory["log"], new LogText().At(1).Done("Trim", 2, 0, 64 << 20).ToString());
        await page.ExpectColourAsync(0, Colours.Trimmed);
        var video = await page.Page.RunAndWaitForDownloadAsync(() => page.Button("Stop recording").ClickAsync());
        await video.SaveAsAsync(directory["page.webm"]);
        Assert.EndsWith(".webm", video.SuggestedFilename);

        // EBML's own mark: a file that a player of WebM takes.
        Assert.Equal([0x1A, 0x45, 0xDF, 0xA3], File.ReadAllBytes(directory["page.webm"])[..4]);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task ThePageComesBackWhenTheViewerDoes()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["log"], new LogText().Ready().Connect(64 << 20).Done("Write", 1).ToString());
        await using var first = await ViewerProgram.StartAsync(directory["log"]);
        await using var page = await chromium.OpenAsync(first.Address);
        await page.ExpectColourAsync(0, Colours.Written);

        Assert.Equal(0, await first.StopAsync());
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Connection lost, trying again");
        File.AppendAllText(directory["log"], new LogText().At(1).Done("Zero", 2).ToString());
        await using var second = await ViewerProgram.StartAsync("--port", $"{first.Address.Port}", directory["log"]);

        await page.ExpectColourAsync(0, Colours.Zeroed);
    }

    private static async Task RunAsync(ServerProgram server, string script)
    {
        var nbdsh = await Tool.RequireNbdshAsync();
        await nbdsh.OutputAsync("-u", server.Uri, "-c", script);
    }
}

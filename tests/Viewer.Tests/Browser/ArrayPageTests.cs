using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using SharpNbd.TestKit;

namespace SharpNbd.Viewer.Tests;

/// <summary>The page of several disks, each of which can be made to fail.</summary>
public sealed class ArrayPageTests(Chromium chromium)
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task TickingErrorMakesReadsOfARealClientFailAndUntickingEndsIt()
    {
        using var directory = new TemporaryDirectory();
        var servers = new List<ServerProgram>();
        for (var number = 1; number <= 3; number++)
        {
            servers.Add(await SharpNbdProgram.StartAsync(
                "--filter=log", "--filter=error", "memory", "size=67108864", $"logfile={directory[$"log{number}"]}",
                "error-rate=100%", $"error-file={directory[$"error{number}"]}"));
        }

        await using var viewer = await ViewerProgram.StartAsync("3", "64M", directory["log%d"], directory["error%d"]);
        await using var page = await chromium.OpenAsync(viewer.Address);
        var box = page.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Error on disk 3" });
        Assert.Equal("OK", await ReadAsync(servers[2]));

        await box.CheckAsync();
        await Assertions.Expect(page.Page.Locator("article.disk").Nth(2)).ToHaveAttributeAsync("data-state", "failing");
        Assert.Equal("EIO", await ReadAsync(servers[2]));
        Assert.Equal("OK", await ReadAsync(servers[1]));
        await page.ExpectColourAsync(4096, Colours.Failed, disk: 3);
        await page.ExpectColourAsync(4096, Colours.Untouched, disk: 2);
        await page.ExpectCounterAsync("read", 2, "4 KiB", "1", disk: 3);

        await box.UncheckAsync();
        await Assertions.Expect(page.Page.Locator("article.disk").Nth(2)).ToHaveAttributeAsync("data-state", "ready");
        Assert.Equal("OK", await ReadAsync(servers[2]));

        File.WriteAllText(directory["error1"], "");
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Error on disk 1" })).ToBeCheckedAsync();
        File.Delete(directory["error1"]);
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Error on disk 1" })).Not.ToBeCheckedAsync();

        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task AnErrorFileThatCannotBeMadeIsReportedAndTheBoxStaysEmpty()
    {
        using var directory = new TemporaryDirectory();
        await using var viewer = await ViewerProgram.StartAsync("2", directory["log%d"], directory["missing/error%d"]);
        await using var page = await chromium.OpenAsync(viewer.Address);
        var box = page.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Error on disk 2" });

        await box.ClickAsync();

        await Assertions.Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("missing/error2");
        await Assertions.Expect(box).Not.ToBeCheckedAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440, 900)]
    [InlineData(ColorScheme.Dark, 390, 844)]
    public async Task ThePageIsAccessible(ColorScheme scheme, int width, int height)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["log1"], new LogText().Ready().Connect(64 << 20).Done("Write", 1).Done("Read", 2, error: "EIO").ToString());
        File.WriteAllText(directory["error2"], "");
        await using var viewer = await ViewerProgram.StartAsync("2", directory["log%d"], directory["error%d"]);
        var options = new BrowserNewPageOptions { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } };
        await using var page = await chromium.OpenAsync(viewer.Address, options);
        await page.ExpectColourAsync(0, Colours.Failed);
        await page.ExpectStatedAsync("disk 1, 64 MiB, ready: 2 requests, 1 read, 1 write (4 KiB), 1 error");

        var result = await page.Page.RunAxe();

        Assert.Empty(result.Violations.Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
        Assert.False(await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), "the page scrolls sideways");
    }

    [Theory]
    [InlineData("no token", null, null, HttpStatusCode.Forbidden)]
    [InlineData("wrong token", "0123456789abcdef0123456789abcdef", null, HttpStatusCode.Forbidden)]
    [InlineData("other origin", "right", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("own page", "right", null, HttpStatusCode.NoContent)]
    public async Task OnlyThePageItselfSwitchesErrors(string what, string? token, string? origin, HttpStatusCode status)
    {
        using var directory = new TemporaryDirectory();
        await using var viewer = await ViewerProgram.StartAsync("2", directory["log%d"], directory["error%d"]);
        using var client = new HttpClient { BaseAddress = viewer.Address };
        var right = await TokenAsync(viewer);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/error/1") { Content = new StringContent("on") };
        if (token is not null)
        {
            request.Headers.Add("X-SharpNbd-Token", token == "right" ? right : token);
        }

        request.Headers.Add("Origin", origin ?? viewer.Address.GetLeftPart(UriPartial.Authority));
        var answer = await client.SendAsync(request);

        Assert.True(status == answer.StatusCode, $"{what}: {answer.StatusCode}");
        Assert.Equal(status == HttpStatusCode.NoContent, File.Exists(directory["error1"]));
    }

    [Theory]
    [InlineData("/live", "evil.example")]
    [InlineData("/", "evil.example")]
    public async Task ANameThatSomebodyElsePointsHereIsRefused(string path, string host)
    {
        using var directory = new TemporaryDirectory();
        await using var viewer = await ViewerProgram.StartAsync(directory["log"]);
        using var client = new HttpClient { BaseAddress = viewer.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;

        Assert.Equal(HttpStatusCode.Forbidden, (await client.SendAsync(request)).StatusCode);
    }

    private static async Task<string> TokenAsync(ViewerProgram viewer)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(viewer.Address) { Scheme = "ws", Path = "/live" }.Uri, CancellationToken.None);
        var buffer = new byte[16384];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
        using var hello = JsonDocument.Parse(buffer.AsMemory(0, received.Count));
        return hello.RootElement.GetProperty("token").GetString()!;
    }

    private static async Task<string> ReadAsync(ServerProgram server)
    {
        const string script = """
            try:
                h.pread(4096, 4096)
                print("OK")
            except nbd.Error as failure:
                print(failure.errno)
            """;
        var nbdsh = await Tool.RequireNbdshAsync();
        return (await nbdsh.OutputAsync("-u", server.Uri, "-c", script)).Trim();
    }
}

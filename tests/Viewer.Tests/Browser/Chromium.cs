using Microsoft.Playwright;
using SharpNbd.TestKit;
using SharpNbd.Viewer.Tests;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace SharpNbd.Viewer.Tests;

/// <summary>Debian's Chromium, started once for all tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    /// <summary>It only ends what would hang; a busy machine is slow.</summary>
    private const float Timeout = 60_000;

    /// <summary>Without a sandbox, which root cannot have; the others keep it from looking for its maker's servers.</summary>
    private static readonly string[] Flags =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var path = Tool.Find("chromium");
        if (path is null)
        {
            return;
        }

        Assertions.SetDefaultExpectTimeout(Timeout);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Flags });
    }

    /// <summary>Opens the page of a viewer. What the page reports as an error, or loads from elsewhere, fails the test at <see cref="OpenPage.DisposeAsync"/>.</summary>
    internal async Task<OpenPage> OpenAsync(Uri address, BrowserNewPageOptions? options = null)
    {
        if (_browser is null)
        {
            Tool.Missing("chromium");
        }

        var page = await _browser!.NewPageAsync(options);
        page.SetDefaultTimeout(Timeout);
        var opened = new OpenPage(page, address);
        await page.GotoAsync(address.ToString());
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}

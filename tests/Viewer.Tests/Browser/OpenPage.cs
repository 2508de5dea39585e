using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SharpNbd.Viewer.Tests;

/// <summary>The viewer's page in a real browser, with what tests ask it.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _errors = new();

    public OpenPage(IPage page, Uri address)
    {
        Page = page;
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            // A POST that is refused and a viewer that has gone are reported there too, and are what some tests are about.
            var isExpected = message.Text.Contains("the server responded with a status of", StringComparison.Ordinal)
                || message.Text.Contains("ERR_CONNECTION_REFUSED", StringComparison.Ordinal);
            if (message.Type == "error" && !isExpected)
            {
                _errors.Enqueue(message.Text);
            }
        };
        page.Request += (_, request) =>
        {
            var isOurs = request.Url.StartsWith(address.ToString(), StringComparison.Ordinal) || request.Url.StartsWith("blob:", StringComparison.Ordinal);
            if (!isOurs)
            {
                _errors.Enqueue($"the page has asked for {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>The picture of a disk, by its text alternative.</summary>
    public ILocator Picture(int disk = 1) => Page.Locator("canvas.blocks").Nth(disk - 1);

    /// <summary>A row of a disk's counters.</summary>
    public ILocator Counter(string operation, int disk = 1) => Page.Locator("article.disk").Nth(disk - 1).Locator($"tr[data-operation={operation}]");

    /// <summary>Waits until a block has a colour, such as <c>#d92d20</c>.</summary>
    public async Task ExpectColourAsync(long offset, string colour, int disk = 1)
    {
        try
        {
            await Page.WaitForFunctionAsync(
                """
                ([disk, block, wanted]) => {
                    const canvas = document.querySelectorAll("canvas.blocks")[disk - 1];
                    if (!canvas) {
                        return false;
                    }
                    const pixel = canvas.getContext("2d").getImageData(block % canvas.width, Math.floor(block / canvas.width), 1, 1).data;
                    window.lastColour = "#" + [...pixel.slice(0, 3)].map(value => value.toString(16).padStart(2, "0")).join("");
                    return window.lastColour === wanted;
                }
                """,
                new object[] { disk, offset / 4096, colour });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"block {offset / 4096} of disk {disk} is {await Page.EvaluateAsync<string>("window.lastColour")}, expected {colour}");
        }
    }

    /// <summary>Waits until the text alternative of a picture states this.</summary>
    public Task ExpectStatedAsync(string text, int disk = 1)
        => Assertions.Expect(Picture(disk)).ToHaveAttributeAsync("aria-label", new Regex(Regex.Escape(text)));

    /// <summary>Waits until an operation's row of counters shows these.</summary>
    public async Task ExpectCounterAsync(string operation, long requests, string bytes, string errors, int disk = 1)
        => await Assertions.Expect(Counter(operation, disk).Locator("td"))
            .ToHaveTextAsync([requests.ToString(CultureInfo.InvariantCulture), bytes, errors]);

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        Assert.Equal("", string.Join('\n', _errors));
    }
}

using System.Text.Json;
using Microsoft.Playwright;

namespace SharpNbd.Viewer.Tests;

/// <summary>What is on a PNG file, as the browser decodes it.</summary>
internal static class PngColours
{
    /// <summary>The number of pixels of each colour.</summary>
    public static async Task<Dictionary<string, int>> CountAsync(IPage page, string path)
    {
        var counts = await page.EvaluateAsync<string>(
            """
            async text => {
                const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
                const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
                const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
                const context = canvas.getContext("2d");
                context.drawImage(bitmap, 0, 0);
                const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
                const counts = {};
                for (let at = 0; at < data.length; at += 4) {
                    const colour = "#" + [data[at], data[at + 1], data[at + 2]].map(value => value.toString(16).padStart(2, "0")).join("");
                    counts[colour] = (counts[colour] ?? 0) + 1;
                }
                return JSON.stringify(counts);
            }
            """,
            Convert.ToBase64String(File.ReadAllBytes(path)));
        using var parsed = JsonDocument.Parse(counts);
        return parsed.RootElement.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32());
    }
}

using Microsoft.AspNetCore.Http;

namespace SharpNbd.Viewer;

/// <summary>The files of the page, which are inside the program.</summary>
internal sealed class PageFiles
{
    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private readonly Dictionary<string, byte[]> _files = Load();

    /// <summary>Sends the file of a path; returns false where there is none.</summary>
    public async Task<bool> TrySendAsync(string path, HttpResponse response)
    {
        var name = path == "/" ? "index.html" : path.TrimStart('/');
        if (!_files.TryGetValue(name, out var content))
        {
            return false;
        }

        response.ContentType = Types[Path.GetExtension(name)];
        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content, response.HttpContext.RequestAborted);
        return true;
    }

    private static Dictionary<string, byte[]> Load()
    {
        var assembly = typeof(PageFiles).Assembly;
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => Types.ContainsKey(Path.GetExtension(name))))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            files[name] = content;
        }

        return files;
    }
}

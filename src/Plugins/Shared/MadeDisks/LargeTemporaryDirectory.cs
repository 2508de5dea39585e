using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins;

/// <summary>
/// A private directory for files that may be large: in <c>$TMPDIR</c>, or else in /var/tmp, which is on a disk. Goes away with
/// everything in it.
/// </summary>
internal sealed class LargeTemporaryDirectory : IDisposable
{
    private readonly ILogger _logger;

    public LargeTemporaryDirectory(string plugin, ILogger logger)
    {
        _logger = logger;
        var parent = Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } own ? own : "/var/tmp";
        Path = System.IO.Path.Combine(parent, $"sharpnbd-{plugin}-{System.IO.Path.GetRandomFileName()}");
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Path { get; }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.DirectoryStays(Path, e.Message);
        }
    }
}

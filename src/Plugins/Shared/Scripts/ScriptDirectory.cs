using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins;

/// <summary>The private directory that scripts know as <c>$tmpdir</c>: for the life of the server, removed with everything in it.</summary>
internal sealed class ScriptDirectory : IDisposable
{
    private readonly ILogger _logger;
    private readonly DirectoryInfo _directory;

    /// <summary>Makes it.</summary>
    /// <param name="plugin">The plugin's name.</param>
    /// <param name="logger">Where it is reported when something in it cannot be removed.</param>
    public ScriptDirectory(string plugin, ILogger logger)
    {
        _logger = logger;
        _directory = Directory.CreateTempSubdirectory($"sharpnbd-{plugin}-");
    }

    public string Path => _directory.FullName;

    public void Dispose()
    {
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // A script may have removed it itself.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _logger.DirectoryStays(Path, e.Message);
        }
    }
}

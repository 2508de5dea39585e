using Microsoft.Extensions.Logging;

namespace SharpNbd.Plugins;

/// <summary>A directory beside the disks, in which one is made. Its name begins with a dot, which no export's does.</summary>
internal sealed class OndemandWorkplace : IDisposable
{
    private readonly ILogger _logger;

    public OndemandWorkplace(string directory, ILogger logger)
    {
        _logger = logger;
        Path = System.IO.Path.Combine(directory, $".new-{System.IO.Path.GetRandomFileName()}");
        Directory.CreateDirectory(Path);
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

using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A layout that is served read-only to any number of connections: all that a plugin needs that makes a disk out of files.</summary>
/// <param name="layout">What lies where.</param>
/// <param name="files">The files that it names.</param>
/// <param name="logger">Where changed files are reported.</param>
internal sealed class LayoutSource(VirtualLayout layout, SourceFiles files, ILogger logger) : DiskSource
{
    /// <summary>As many as the file plugin has; a device gains little from a deeper queue of blocking calls.</summary>
    private const int MostThreads = 16;

    private readonly LayoutReader _reader = new(layout, files, logger);
    private readonly IoThreads _threads = new("layout I/O", MostThreads, TimeSpan.FromSeconds(10));

    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new LayoutDisk(_reader, _threads));

    public override ValueTask DisposeAsync()
    {
        _threads.Dispose();
        _reader.Dispose();
        return ValueTask.CompletedTask;
    }
}

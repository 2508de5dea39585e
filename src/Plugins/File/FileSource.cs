using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The files that are served; opens one of them for each connection.</summary>
internal sealed class FileSource(FileLocation location, FileCacheMode cache, ILogger logger) : DiskSource
{
    private readonly FileThreads _threads = new();

    public override ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
        => new(location.List());

    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        var file = location.Open(request.ExportName, request.ReadOnly);
        if (!file.CanWrite && !request.ReadOnly)
        {
            logger.OpenedReadOnly(file.DisplayName);
        }

        return new(new FileDisk(file, cache, _threads.Threads));
    }

    public override ValueTask DisposeAsync()
    {
        _threads.Dispose();
        return ValueTask.CompletedTask;
    }
}

using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The files that are served; opens one of them for each connection.</summary>
internal sealed class FileSource : DiskSource
{
    /// <summary>As many as nbdkit has for a single connection; a device gains little from a deeper queue of blocking calls.</summary>
    private const int MostThreads = 16;

    private const int FileSizeLimitSignal = 25;

    private readonly FileLocation _location;
    private readonly FileCacheMode _cache;
    private readonly ILogger _logger;
    private readonly IoThreads _threads = new("file I/O", MostThreads, TimeSpan.FromSeconds(10));
    private readonly PosixSignalRegistration? _fileSizeLimit;

    public FileSource(FileLocation location, FileCacheMode cache, ILogger logger)
    {
        (_location, _cache, _logger) = (location, cache, logger);
        if (Libc.IsAvailable)
        {
            // A write beyond the limit of file size (ulimit -f) must fail with EFBIG, not end the server by SIGXFSZ. Handled
            // instead of ignored, since a program started by --run would inherit the latter.
            _fileSizeLimit = PosixSignalRegistration.Create((PosixSignal)FileSizeLimitSignal, signal => signal.Cancel = true);
        }
    }

    public override ValueTask<IReadOnlyList<ExportInfo>> ListExportsAsync(ListRequest request, CancellationToken cancellationToken)
        => new(_location.List());

    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        var file = _location.Open(request.ExportName, request.ReadOnly);
        if (!file.CanWrite && !request.ReadOnly)
        {
            _logger.OpenedReadOnly(file.DisplayName);
        }

        return new(new FileDisk(file, _cache, _threads));
    }

    public override ValueTask DisposeAsync()
    {
        _threads.Dispose();
        _fileSizeLimit?.Dispose();
        return ValueTask.CompletedTask;
    }
}

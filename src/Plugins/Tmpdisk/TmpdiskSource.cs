using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Makes a disk for each connection.</summary>
/// <param name="maker">What makes it; owned.</param>
/// <param name="logger">Where it is reported when something cannot be removed.</param>
internal sealed class TmpdiskSource(DiskMaker maker, ILogger logger) : DiskSource
{
    private const int MostThreads = 16;

    private readonly IoThreads _threads = new("tmpdisk I/O", MostThreads, TimeSpan.FromSeconds(10));

    /// <inheritdoc/>
    public override async ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        using var directory = new LargeTemporaryDirectory("tmpdisk", logger);
        var path = Path.Combine(directory.Path, "disk");
        await maker.MakeAsync(path, cancellationToken);

        // The name goes at once, and what the file holds when the last descriptor is closed, however the server ends.
        var file = LinuxFile.Open(Libc.CurrentDirectory, path, "the temporary disk", request.ReadOnly, FileAccessPattern.Normal);
        return new TmpdiskDisk(new FileDisk(file, FileCacheMode.Default, _threads));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        maker.Dispose();
        _threads.Dispose();
        return ValueTask.CompletedTask;
    }
}

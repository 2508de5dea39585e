using System.Globalization;
using Microsoft.Win32.SafeHandles;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>One image for all connections, read-only.</summary>
/// <param name="image">The image, which has no name any more; owned.</param>
internal sealed class LinuxdiskSource(SafeFileHandle image) : DiskSource
{
    private const int MostThreads = 16;

    private readonly IoThreads _threads = new("linuxdisk I/O", MostThreads, TimeSpan.FromSeconds(10));

    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{image.DangerousGetHandle()}");
        var file = LinuxFile.Open(Libc.CurrentDirectory, path, "the disk image", isReadOnly: true, FileAccessPattern.Normal);
        return new(new FileDisk(file, FileCacheMode.Default, _threads));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _threads.Dispose();
        image.Dispose();
        return ValueTask.CompletedTask;
    }
}

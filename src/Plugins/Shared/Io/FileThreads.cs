using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>The I/O threads of a source that serves files.</summary>
internal sealed class FileThreads : IDisposable
{
    /// <summary>As many as nbdkit has for a single connection; a device gains little from a deeper queue of blocking calls.</summary>
    private const int MostThreads = 16;

    private const int FileSizeLimitSignal = 25;

    private readonly PosixSignalRegistration? _fileSizeLimit;

    public FileThreads()
    {
        if (Libc.IsAvailable)
        {
            // A write beyond the limit of file size (ulimit -f) must fail with EFBIG, not end the server by SIGXFSZ. Handled
            // instead of ignored, since a program started by --run would inherit the latter.
            _fileSizeLimit = PosixSignalRegistration.Create((PosixSignal)FileSizeLimitSignal, signal => signal.Cancel = true);
        }
    }

    /// <summary>The threads.</summary>
    public IoThreads Threads { get; } = new("file I/O", MostThreads, TimeSpan.FromSeconds(10));

    public void Dispose()
    {
        Threads.Dispose();
        _fileSizeLimit?.Dispose();
    }
}

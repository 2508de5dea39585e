namespace SharpNbd.Plugins;

/// <summary>The I/O threads of a source that serves files.</summary>
internal sealed class FileThreads : IDisposable
{
    /// <summary>As many as nbdkit has for a single connection; a device gains little from a deeper queue of blocking calls.</summary>
    private const int MostThreads = 16;

    /// <summary>The threads.</summary>
    public IoThreads Threads { get; } = new("file I/O", MostThreads, TimeSpan.FromSeconds(10));

    public void Dispose() => Threads.Dispose();
}

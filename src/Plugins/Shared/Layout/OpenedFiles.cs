namespace SharpNbd.Plugins;

/// <summary>
/// Keeps files of a layout open, a bounded number of them, so that reads in a row do not open one anew each time. Used by all connections
/// without a lock: a place in the cache is one reference, and a file that loses its place stays open until its last reader is done.
/// </summary>
/// <param name="files">The files.</param>
/// <param name="places">The most files that are open between reads: a power of two.</param>
internal sealed class OpenedFiles(SourceFiles files, int places) : IDisposable
{
    private readonly OpenedFile?[] _places = new OpenedFile?[places];

    /// <summary>Gets a file that is open at the moment. Whoever gets it leaves it.</summary>
    public OpenedFile? TryUse(int file)
        => Volatile.Read(ref PlaceOf(file)) is { } opened && opened.File == file && opened.TryUse() ? opened : null;

    /// <summary>Gets a file, which is opened unless it is open; that may wait. Whoever gets it leaves it.</summary>
    /// <exception cref="IOException">It cannot be opened; the message is the reason.</exception>
    public OpenedFile Use(int file)
    {
        if (TryUse(file) is { } present)
        {
            return present;
        }

        var opened = Open(file);
        _ = opened.TryUse();
        Interlocked.Exchange(ref PlaceOf(file), opened)?.Leave();
        return opened;
    }

    /// <summary>Closes what nobody reads.</summary>
    public void Dispose()
    {
        for (var place = 0; place < _places.Length; place++)
        {
            Interlocked.Exchange(ref _places[place], null)?.Leave();
        }
    }

    private OpenedFile Open(int file)
    {
        var path = files.PathOf(file);
        try
        {
            return OpenedFile.Open(file, path);
        }
        catch (IOException e) when (e.HResult is Errno.EMFILE or Errno.ENFILE)
        {
            // The descriptors that are only kept for later are better used now.
            Dispose();
            return OpenedFile.Open(file, path);
        }
    }

    private ref OpenedFile? PlaceOf(int file) => ref _places[file & (_places.Length - 1)];
}

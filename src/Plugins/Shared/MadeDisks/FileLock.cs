namespace SharpNbd.Plugins;

/// <summary>A lock on a file, also against other processes, until it is disposed or the process ends.</summary>
internal sealed class FileLock : IDisposable
{
    private int _descriptor;

    private FileLock(int descriptor) => _descriptor = descriptor;

    /// <summary>Takes the lock; null where another holds it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="displayName">What messages call it.</param>
    /// <param name="isShared">Others may hold it too, if they share as well.</param>
    public static FileLock? TryTake(string path, string displayName, bool isShared)
    {
        // An opening of its own: the lock belongs to the opening, and two connections of one process are two.
        var descriptor = Libc.OpenAt(Libc.CurrentDirectory, path, Libc.OpenReadOnly | Libc.OpenCloseOnExec);
        if (descriptor < 0)
        {
            throw Errno.Exception(Errno.Last, $"cannot open {displayName}");
        }

        if (Libc.Lock(descriptor, (isShared ? Libc.LockShared : Libc.LockExclusive) | Libc.LockWithoutWaiting) == 0)
        {
            return new FileLock(descriptor);
        }

        var error = Errno.Last;
        _ = Libc.Close(descriptor);
        return error == Errno.EAGAIN ? null : throw Errno.Exception(error, $"cannot lock {displayName}");
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            // Closing alone is not enough: a program that is just being started holds a copy of the descriptor for a moment.
            _ = Libc.Lock(_descriptor, Libc.Unlock);
            _ = Libc.Close(_descriptor);
            _descriptor = -1;
        }
    }
}

namespace SharpNbd.Plugins;

/// <summary>
/// A file of a layout while it is open for reading. Counts its users, and closes when the last one has gone.
/// </summary>
/// <param name="file">The number of the file.</param>
internal abstract class OpenedFile(int file)
{
    // The cache that keeps it is the first user; 0 is the end.
    private int _users = 1;

    /// <summary>The number of the file.</summary>
    public int File => file;

    /// <summary>Becomes a user; false when it has been closed.</summary>
    public bool TryUse()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    /// <summary>Ends a use.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            Close();
        }
    }

    /// <summary>In words, what has become of the file since it was scanned; null when it is the same.</summary>
    /// <exception cref="IOException">That cannot be found out.</exception>
    public abstract string? ChangeSince(FileIdentity scanned);

    /// <summary>Reads as much of the start of a range as is there without waiting; possibly nothing.</summary>
    public virtual int TryRead(long offset, Span<byte> buffer) => 0;

    /// <summary>Reads a range, and may wait. Returns less when the file ends before.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public abstract int Read(long offset, Span<byte> buffer);

    /// <summary>Closes it; called once.</summary>
    protected abstract void Close();

    /// <summary>Opens a file.</summary>
    /// <param name="file">Its number.</param>
    /// <param name="path">Its path in the system's bytes, with a zero behind it.</param>
    /// <exception cref="IOException">It cannot be opened; the message says why, for example <c>No such file or directory</c>.</exception>
    public static OpenedFile Open(int file, ReadOnlySpan<byte> path)
        => Libc.IsAvailable ? LinuxOpenedFile.Open(file, path) : PortableOpenedFile.Open(file, path);
}

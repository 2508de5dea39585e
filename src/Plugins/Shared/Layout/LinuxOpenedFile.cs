namespace SharpNbd.Plugins;

/// <summary>A file that is open for reading, by the system calls of Linux.</summary>
internal sealed unsafe class LinuxOpenedFile : OpenedFile
{
    private readonly int _descriptor;

    // Whether reads can be had without waiting is found out by the first one.
    private volatile FileSystemKind _kind = FileSystemKind.Cached;

    private LinuxOpenedFile(int file, int descriptor)
        : base(file) => _descriptor = descriptor;

    public override string? ChangeSince(FileIdentity scanned)
    {
        if (!FileStatus.TryGet(_descriptor, out var status))
        {
            throw new IOException(Errno.Text(Errno.Last), Errno.Last);
        }

        // Without a name left it was deleted or replaced: the next one who opens it would not find it.
        return status.Links == 0 ? "it has vanished or been replaced" : scanned.DifferenceTo(FileIdentity.Of(status));
    }

    /// <inheritdoc cref="OpenedFile.Open"/>
    public static new LinuxOpenedFile Open(int file, ReadOnlySpan<byte> path)
    {
        // A pipe that has taken the file's place must not make us wait; for a file non-blocking means nothing.
        const int Flags = Libc.OpenReadOnly | Libc.OpenCloseOnExec | Libc.OpenNoTerminal | Libc.OpenNonBlocking;
        var descriptor = LinuxPath.Open(path, Flags);
        return descriptor >= 0
            ? new LinuxOpenedFile(file, descriptor)
            : throw new IOException(Errno.Text(Errno.Last), Errno.Last);
    }

    public override int TryRead(long offset, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            if (_kind == FileSystemKind.Cached)
            {
                var vector = new IoVector { Base = pointer, Length = (nuint)buffer.Length };
                var count = Libc.ReadVector(_descriptor, &vector, 1, offset, Libc.NoWait);
                if (count >= 0 || Errno.Last is not (Errno.EOPNOTSUPP or Errno.ENOSYS))
                {
                    return Math.Max(0, (int)count);
                }

                _kind = FileSystems.IsInMemory(_descriptor) ? FileSystemKind.Memory : FileSystemKind.Slow;
            }

            return _kind == FileSystemKind.Memory ? Math.Max(0, (int)Libc.Read(_descriptor, pointer, (nuint)buffer.Length, offset)) : 0;
        }
    }

    public override int Read(long offset, Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            var done = 0;
            while (done < buffer.Length)
            {
                var count = Libc.Read(_descriptor, pointer + done, (nuint)(buffer.Length - done), offset + done);
                if (count > 0)
                {
                    done += (int)count;
                }
                else if (count == 0)
                {
                    break;
                }
                else if (Errno.Last != Errno.EINTR)
                {
                    throw new IOException(Errno.Text(Errno.Last), Errno.Last);
                }
            }

            return done;
        }
    }

    protected override void Close() => _ = Libc.Close(_descriptor);
}

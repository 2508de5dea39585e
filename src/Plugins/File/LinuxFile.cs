using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A regular file or a block device, by the system calls of Linux.</summary>
internal sealed unsafe partial class LinuxFile : DiskFile
{
    private readonly int _descriptor;
    private readonly bool _isBlockDevice;
    private readonly FileSystemKind _kind;
    private readonly RecentWrites _recentWrites = new();

    private LinuxFile(int descriptor, string displayName, bool canWrite, FileAccessPattern advice, FlushQueue flushes)
        : base(flushes)
    {
        _descriptor = descriptor;
        DisplayName = displayName;
        CanWrite = canWrite;
        if (!FileStatus.TryGet(descriptor, out var status))
        {
            throw Errno.Exception(Errno.Last, $"cannot tell the size of {displayName}");
        }

        if (!status.IsRegular && !status.IsBlockDevice)
        {
            throw new NbdException(NbdError.EINVAL, $"{displayName} is neither a regular file nor a block device");
        }

        _isBlockDevice = status.IsBlockDevice;
        PreferredBlockSize = status.PreferredBlockSize;
        Size = _isBlockDevice ? Libc.Seek(descriptor, 0, Libc.SeekEnd) : status.Size;
        if (Size < 0)
        {
            throw Errno.Exception(Errno.Last, $"cannot tell the size of {displayName}");
        }

        _kind = FindKind();
        _block = _isBlockDevice ? BlockDevice.Of(descriptor, status.DeviceMajor, status.DeviceMinor) : default;

        // A file without a single hole, and an empty one, answer with the end or ENXIO; what cannot seek for holes says EINVAL.
        CanExtents = Libc.Seek(descriptor, 0, Libc.SeekHole) >= 0 || Errno.Last == Errno.ENXIO;
        Advise(advice);
    }

    public override string DisplayName { get; }

    public override int Descriptor => _kind == FileSystemKind.Cached ? _descriptor : -1;

    public override long Size { get; }

    public override bool CanWrite { get; }

    public override bool CanManageSpace => true;

    public override bool CanExtents { get; }

    public override long PreferredBlockSize { get; }

    /// <summary>Opens a file, for reading only where it cannot be opened for writing.</summary>
    /// <param name="directory">Where a relative path begins.</param>
    /// <param name="path">The path.</param>
    /// <param name="displayName">What messages call the file.</param>
    /// <param name="isReadOnly">Nothing will be written.</param>
    /// <param name="advice">How it will be read.</param>
    public static LinuxFile Open(int directory, string path, string displayName, bool isReadOnly, FileAccessPattern advice)
    {
        // Opening may have an effect on what is neither a file nor a disk, and waits for the other end of a pipe.
        if (FileStatus.TryGet(directory, path, out var status) && !status.IsRegular && !status.IsBlockDevice)
        {
            throw new NbdException(NbdError.EINVAL, $"{displayName} is neither a regular file nor a block device");
        }

        const int Flags = Libc.OpenCloseOnExec | Libc.OpenNoTerminal;
        var canWrite = !isReadOnly;
        var descriptor = canWrite ? Libc.OpenAt(directory, path, Flags | Libc.OpenReadWrite) : -1;
        if (!canWrite || (descriptor < 0 && Errno.Last is Errno.EACCES or Errno.EPERM or Errno.EROFS or Errno.ETXTBSY))
        {
            canWrite = false;
            descriptor = Libc.OpenAt(directory, path, Flags | Libc.OpenReadOnly);
        }

        return descriptor >= 0
            ? Own(descriptor, displayName, canWrite, advice, new FlushQueue())
            : throw Errno.Exception(Errno.Last, $"cannot open {displayName}");
    }

    /// <summary>Serves a file that is open already, through a descriptor of its own.</summary>
    /// <param name="descriptor">The descriptor, which stays open.</param>
    /// <param name="displayName">What messages call the file.</param>
    /// <param name="isReadOnly">Nothing will be written.</param>
    /// <param name="advice">How it will be read.</param>
    /// <param name="flushes">The one of all who use this opening of the file.</param>
    public static LinuxFile Duplicate(int descriptor, string displayName, bool isReadOnly, FileAccessPattern advice, FlushQueue flushes)
    {
        var mode = Libc.Control(descriptor, Libc.GetStatusFlags, 0) & Libc.OpenAccessMode;
        var duplicate = Libc.Control(descriptor, Libc.DuplicateCloseOnExec, 3);
        return duplicate >= 0
            ? Own(duplicate, displayName, !isReadOnly && mode == Libc.OpenReadWrite, advice, flushes)
            : throw Errno.Exception(Errno.Last, $"cannot open {displayName}");
    }

    public override int TryRead(long offset, Span<byte> buffer)
    {
        if (_kind == FileSystemKind.Slow)
        {
            return 0;
        }

        fixed (byte* pointer = buffer)
        {
            var vector = new IoVector { Base = pointer, Length = (nuint)buffer.Length };
            var count = _kind == FileSystemKind.Memory
                ? Libc.Read(_descriptor, pointer, (nuint)buffer.Length, offset)
                : Libc.ReadVector(_descriptor, &vector, 1, offset, Libc.NoWait);

            // Whatever was in the way, the I/O thread meets it again and reports it. That includes 0, the end of the file:
            // Linux 5.9 and 5.10 also say 0 for pages that they would have to wait for.
            return Math.Max(0, (int)count);
        }
    }

    public override int TrySplice(long offset, int length, int pipe)
    {
        // splice(2) has no flag that keeps it from waiting for the device, so the page cache is asked first.
        if (_kind == FileSystemKind.Slow || !IsResident(offset, length))
        {
            return 0;
        }

        var done = 0;
        var position = offset;
        while (done < length && Libc.Splice(_descriptor, &position, pipe, null, (nuint)(length - done), Libc.SpliceNonBlocking) is var count and > 0)
        {
            done += (int)count;
        }

        return done;
    }

    private bool IsResident(long offset, int length)
    {
        var range = stackalloc ulong[] { (ulong)offset, (ulong)length };
        var pages = stackalloc ulong[5];
        if (Libc.CacheStatus(Libc.CacheStatusCall, _descriptor, range, pages, 0) != 0)
        {
            return false;
        }

        var pageSize = Environment.SystemPageSize;
        return (long)pages[0] >= ((offset + length - 1) / pageSize) - (offset / pageSize) + 1;
    }

    public override bool TryWrite(long offset, ReadOnlySpan<byte> data)
    {
        if (_kind == FileSystemKind.Slow)
        {
            return false;
        }

        Write(offset, data);
        return true;
    }

    public override void Read(long offset, Span<byte> buffer)
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
                    throw new NbdException(
                        NbdError.EIO, $"{DisplayName} ends at {offset + done}, before the end of the disk: it has been truncated")
                    {
                        FailedAt = offset + done,
                    };
                }
                else if (Errno.Last != Errno.EINTR)
                {
                    throw Errno.Exception(Errno.Last, $"cannot read {DisplayName} at {offset + done}", readUpTo: offset + done);
                }
            }
        }
    }

    public override void Write(long offset, ReadOnlySpan<byte> data)
    {
        fixed (byte* pointer = data)
        {
            var done = 0;
            while (done < data.Length)
            {
                var count = Libc.Write(_descriptor, pointer + done, (nuint)(data.Length - done), offset + done);
                if (count >= 0)
                {
                    done += (int)count;
                }
                else if (Errno.Last != Errno.EINTR)
                {
                    throw Errno.Exception(Errno.Last, $"cannot write {DisplayName} at {offset + done}");
                }
            }
        }
    }

    public override void Synchronize()
    {
        // EINTR means that nothing was found out yet, which is not a failed write-out.
        while (Libc.SyncData(_descriptor) != 0)
        {
            if (Errno.Last != Errno.EINTR)
            {
                throw Errno.Exception(Errno.Last, $"cannot make {DisplayName} stable");
            }
        }
    }

    public override void Prefetch(ByteRange range) => _ = Libc.Advise(_descriptor, range.Offset, range.Length, Libc.AdviseWillNeed);

    public override void ForgetRead(ByteRange range) => _ = Libc.Advise(_descriptor, range.Offset, range.Length, Libc.AdviseDontNeed);

    public override void ForgetWritten(ByteRange range)
    {
        // Only started, not waited for: waiting here would take the report of a failed write-out away from the next flush.
        _ = Libc.SyncRange(_descriptor, range.Offset, range.Length, Libc.StartWriteOut);
        if (_recentWrites.Add(range) is { Length: > 0 } written)
        {
            ForgetRead(written);
        }
    }

    public override void Dispose() => _ = Libc.Close(_descriptor);

    /// <summary>Closes the descriptor when the file cannot be served after all.</summary>
    private static LinuxFile Own(int descriptor, string displayName, bool canWrite, FileAccessPattern advice, FlushQueue flushes)
    {
        try
        {
            return new LinuxFile(descriptor, displayName, canWrite, advice, flushes);
        }
        catch
        {
            _ = Libc.Close(descriptor);
            throw;
        }
    }

    private FileSystemKind FindKind()
    {
        if (!_isBlockDevice && FileSystems.IsInMemory(_descriptor))
        {
            return FileSystemKind.Memory;
        }

        byte first;
        var vector = new IoVector { Base = &first, Length = 1 };
        var isNoWaitKnown = Libc.ReadVector(_descriptor, &vector, 1, 0, Libc.NoWait) >= 0 || Errno.Last is not (Errno.EOPNOTSUPP or Errno.ENOSYS);
        return isNoWaitKnown ? FileSystemKind.Cached : FileSystemKind.Slow;
    }

    private void Advise(FileAccessPattern pattern)
    {
        var advice = pattern switch
        {
            FileAccessPattern.Random => Libc.AdviseRandom,
            FileAccessPattern.Sequential => Libc.AdviseSequential,
            _ => 0,
        };
        if (advice != 0)
        {
            _ = Libc.Advise(_descriptor, 0, 0, advice);
        }
    }
}

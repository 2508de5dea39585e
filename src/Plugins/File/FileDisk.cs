using System.Collections.Concurrent;
using System.Numerics;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// A file as one connection has opened it. Reads of what is in the page cache and writes to it are done at once, on the
/// caller's thread; everything that may wait for a device goes to an I/O thread.
/// </summary>
internal sealed class FileDisk : Disk
{
    private const long LongestRequest = 64 << 20;

    private readonly DiskFile _file;
    private readonly IoThreads _threads;
    private readonly FileCacheMode _cache;

    // Never more than the requests that the connection had under way at once.
    private readonly ConcurrentQueue<FileRequest> _spare = new();

    private readonly Lock _starting = new();

    // Started by the first read that has to wait; null before, and where reads cannot be handed to the kernel.
    private FileRing? _ring;
    private bool _isRingTried;

    public FileDisk(DiskFile file, FileCacheMode cache, IoThreads threads)
    {
        (_file, _cache, _threads) = (file, cache, threads);
        _isRingTried = file.Descriptor < 0;
        Size = file.Size;
        var preferred = Math.Clamp((long)BitOperations.RoundUpToPowerOf2((ulong)file.PreferredBlockSize), 4096, LongestRequest);
        Capabilities = new DiskCapabilities
        {
            CanWrite = file.CanWrite,
            CanFlush = true,
            CanTrim = file.CanManageSpace,
            Zero = file.CanManageSpace ? Support.Native : Support.None,

            // Where neither file system nor device can do it, the answer is ENOTSUP, and that is fast too.
            CanFastZero = file.CanManageSpace,
            Fua = Support.Native,
            Cache = file.CanManageSpace ? Support.Native : Support.None,
            CanExtents = file.CanExtents,

            // All connections go through one page cache, and fdatasync on one descriptor writes out what any of them changed.
            CanMultiConn = true,
            BlockSize = new BlockSize(1, preferred, LongestRequest),
        };
    }

    public override long Size { get; }

    public override DiskCapabilities Capabilities { get; }

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var done = _file.TryRead(offset, buffer.Span);
        AfterRead(new ByteRange(offset, done));
        return done == buffer.Length ? ValueTask.CompletedTask : StartRead(Rent().Read(offset + done, buffer[done..], cancellationToken));
    }

    public override int Splice(long offset, int length, int pipe)
        => _cache == FileCacheMode.None ? 0 : _file.TrySplice(offset, length, pipe);

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        var isFlushWanted = (flags & WriteFlags.Fua) != 0;

        // With cache=none the write-out is started behind every write, which may wait for the device.
        if (_cache == FileCacheMode.None || !_file.TryWrite(offset, data.Span))
        {
            return Start(Rent().Write(offset, data, isFlushWanted, cancellationToken));
        }

        return isFlushWanted ? FlushAsync(cancellationToken) : ValueTask.CompletedTask;
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
        => Start(Rent().Prepare(FileOperation.Flush, default, isFlushWanted: true, cancellationToken));

    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
        => Start(Rent().Prepare(FileOperation.Trim, range, (flags & WriteFlags.Fua) != 0, cancellationToken));

    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
        => Start(Rent().Zero(range, flags, cancellationToken));

    public override ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
        => Start(Rent().Prepare(FileOperation.Prefetch, range, isFlushWanted: false, cancellationToken));

    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
        => Start(Rent().Extents(extents, cancellationToken));

    public override ValueTask DisposeAsync()
    {
        _ring?.Dispose();
        AfterRead(new ByteRange(0, Size));
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    internal void AfterRead(ByteRange range)
    {
        // A length of 0 would mean the rest of the file.
        if (_cache == FileCacheMode.None && range.Length > 0)
        {
            _file.ForgetRead(range);
        }
    }

    internal void AfterWrite(ByteRange range)
    {
        if (_cache == FileCacheMode.None)
        {
            _file.ForgetWritten(range);
        }
    }

    internal void Return(FileRequest request) => _spare.Enqueue(request);

    private FileRequest Rent() => _spare.TryDequeue(out var request) ? request : new FileRequest(this, _file);

    private ValueTask StartRead(FileRequest request)
    {
        if (!Volatile.Read(ref _isRingTried))
        {
            StartRing();
        }

        if (_ring is null)
        {
            return Start(request);
        }

        var task = request.Task;
        _ring.Queue(request);
        return task;
    }

    private void StartRing()
    {
        lock (_starting)
        {
            if (!_isRingTried)
            {
                _ring = FileRing.TryStart(_threads);
                Volatile.Write(ref _isRingTried, true);
            }
        }
    }

    private ValueTask Start(FileRequest request)
    {
        // The task is taken first: once queued, the request may complete, and only its waiter may touch it then.
        var task = request.Task;
        _threads.Queue(request);
        return task;
    }
}

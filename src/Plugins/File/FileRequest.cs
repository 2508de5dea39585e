using System.Buffers;
using System.Threading.Tasks.Sources;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// A call on a file that waits for an I/O thread, and the task of whoever waits for it. Goes back to its disk, to be used
/// again, when the result has been taken.
/// </summary>
/// <param name="disk">The disk that makes and keeps it.</param>
/// <param name="file">The file.</param>
internal sealed class FileRequest(FileDisk disk, DiskFile file) : IoWork, IValueTaskSource
{
    // Continuations run on the I/O thread: they send a reply, or join a batch of them, and never block.
    private ManualResetValueTaskSourceCore<bool> _result;
    private FileOperation _operation;
    private CancellationToken _cancellationToken;
    private ByteRange _range;
    private Memory<byte> _buffer;
    private ReadOnlyMemory<byte> _data;
    private ZeroFlags _zeroFlags;
    private ExtentList? _extents;
    private bool _isFlushWanted;
    private MemoryHandle _pin;

    public DiskFile File => file;

    /// <summary>The next one in whatever list it is in.</summary>
    public FileRequest? Next { get; set; }

    /// <summary>Where the request begins, in bytes.</summary>
    public long Offset => _range.Offset;

    /// <summary>The length of a read, in bytes.</summary>
    public int Length => _buffer.Length;

    /// <summary>The task that completes with the request; awaited once.</summary>
    public ValueTask Task => new(this, _result.Version);

    public FileRequest Read(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _buffer = buffer;
        return Prepare(FileOperation.Read, new ByteRange(offset, buffer.Length), isFlushWanted: false, cancellationToken);
    }

    public FileRequest Write(long offset, ReadOnlyMemory<byte> data, bool isFlushWanted, CancellationToken cancellationToken)
    {
        _data = data;
        return Prepare(FileOperation.Write, new ByteRange(offset, data.Length), isFlushWanted, cancellationToken);
    }

    public FileRequest Zero(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        _zeroFlags = flags;
        return Prepare(FileOperation.Zero, range, (flags & ZeroFlags.Fua) != 0, cancellationToken);
    }

    public FileRequest Extents(ExtentList extents, CancellationToken cancellationToken)
    {
        _extents = extents;
        return Prepare(FileOperation.Extents, extents.Range, isFlushWanted: false, cancellationToken);
    }

    public FileRequest Prepare(FileOperation operation, ByteRange range, bool isFlushWanted, CancellationToken cancellationToken)
    {
        (_operation, _range, _isFlushWanted, _cancellationToken) = (operation, range, isFlushWanted, cancellationToken);
        return this;
    }

    public override void Execute()
    {
        try
        {
            _cancellationToken.ThrowIfCancellationRequested();
            ExecuteOperation();
        }
        catch (Exception e)
        {
            // An edge: what is thrown here belongs to the request, not to the thread.
            Complete(e);
            return;
        }

        if (_isFlushWanted)
        {
            file.Flushes.Join(this);
        }
        else
        {
            Complete(null);
        }
    }

    /// <summary>The address of a read's buffer, which stays until <see cref="UnpinBuffer"/>.</summary>
    public unsafe byte* PinBuffer()
    {
        _pin = _buffer.Pin();
        return (byte*)_pin.Pointer;
    }

    public void UnpinBuffer() => _pin.Dispose();

    /// <summary>Ends a read that has filled its buffer.</summary>
    public void FinishRead()
    {
        disk.AfterRead(_range);
        Complete(null);
    }

    /// <summary>Ends the request.</summary>
    /// <param name="failure">Why it could not be served, or null.</param>
    public void Complete(Exception? failure)
    {
        if (failure is null)
        {
            _result.SetResult(true);
        }
        else
        {
            _result.SetException(failure);
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            _result.GetResult(token);
        }
        finally
        {
            _result.Reset();
            (_buffer, _data, _extents, _cancellationToken) = (default, default, null, default);
            disk.Return(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _result.OnCompleted(continuation, state, token, flags);

    private void ExecuteOperation()
    {
        switch (_operation)
        {
            case FileOperation.Read:
                file.Read(_range.Offset, _buffer.Span);
                disk.AfterRead(_range);
                break;
            case FileOperation.Write:
                file.Write(_range.Offset, _data.Span);
                disk.AfterWrite(_range);
                break;
            case FileOperation.Trim:
                file.Trim(_range);
                break;
            case FileOperation.Zero:
                file.Zero(_range, _zeroFlags);
                break;
            case FileOperation.Prefetch:
                file.Prefetch(_range);
                break;
            case FileOperation.Extents:
                file.AddExtents(_extents!);
                break;
            case FileOperation.Flush:
                break;
        }
    }
}

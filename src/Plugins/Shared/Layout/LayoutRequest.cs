using System.Threading.Tasks.Sources;

namespace SharpNbd.Plugins;

/// <summary>
/// The part of a read that waits for an I/O thread, and the task of whoever waits for it. Goes back to its disk, to be used
/// again, when the result has been taken.
/// </summary>
/// <param name="disk">The disk that makes and keeps it.</param>
/// <param name="reader">What it reads.</param>
internal sealed class LayoutRequest(LayoutDisk disk, LayoutReader reader) : IoWork, IValueTaskSource
{
    // Continuations run on the I/O thread: they send a reply, or join a batch of them, and never block.
    private ManualResetValueTaskSourceCore<bool> _result;
    private CancellationToken _cancellationToken;
    private long _offset;
    private Memory<byte> _buffer;

    /// <summary>The task that completes with the request; awaited once.</summary>
    public ValueTask Task => new(this, _result.Version);

    public LayoutRequest Read(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        (_offset, _buffer, _cancellationToken) = (offset, buffer, cancellationToken);
        return this;
    }

    public override void Execute()
    {
        try
        {
            _cancellationToken.ThrowIfCancellationRequested();
            reader.Read(_offset, _buffer.Span);
        }
        catch (Exception e)
        {
            // An edge: what is thrown here belongs to the request, not to the thread.
            _result.SetException(e);
            return;
        }

        _result.SetResult(true);
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
            (_buffer, _cancellationToken) = (default, default);
            disk.Return(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _result.OnCompleted(continuation, state, token, flags);
}

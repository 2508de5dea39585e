using System.Threading.Tasks.Sources;
using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>A call that a <see cref="RecordingDisk"/> has seen.</summary>
public sealed class DiskCall : IValueTaskSource
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal DiskCall(DiskOperation operation, ByteRange range, int flags, byte[]? data, CancellationToken cancellationToken)
    {
        Operation = operation;
        Range = range;
        Flags = flags;
        Data = data;
        CancellationToken = cancellationToken;
    }

    /// <summary>Which call.</summary>
    public DiskOperation Operation { get; }

    /// <summary>The bytes that it is about; empty for a flush.</summary>
    public ByteRange Range { get; }

    /// <summary>The number of a <see cref="Abstractions.WriteFlags"/> or <see cref="Abstractions.ZeroFlags"/>; for extents 1 when only the first is wanted.</summary>
    public int Flags { get; }

    /// <summary>A copy of what was written, or null.</summary>
    public byte[]? Data { get; }

    /// <summary>The token that came with the call.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>True once the caller has got its answer.</summary>
    public bool IsCompleted => _completion.Task.IsCompleted;

    internal ValueTask Answer => new(this, 0);

    /// <summary>
    /// Completes when the caller has its answer or waits for one; a call that is completed earlier could be taken for one that was
    /// completed at once.
    /// </summary>
    internal Task Waiting => IsCompleted ? Task.CompletedTask : _waiting.Task;

    /// <summary>Lets the call succeed.</summary>
    public void Complete() => _completion.TrySetResult();

    /// <summary>Lets the call fail.</summary>
    /// <param name="exception">What the caller gets.</param>
    public void Fail(Exception exception) => _completion.TrySetException(exception);

    void IValueTaskSource.GetResult(short token) => _completion.Task.GetAwaiter().GetResult();

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _completion.Task.Status switch
    {
        TaskStatus.RanToCompletion => ValueTaskSourceStatus.Succeeded,
        TaskStatus.Faulted => ValueTaskSourceStatus.Faulted,
        _ => ValueTaskSourceStatus.Pending,
    };

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        _completion.Task.GetAwaiter().UnsafeOnCompleted(() => continuation(state));
        _waiting.TrySetResult();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Operation} {Range.Offset}+{Range.Length} flags={Flags}";
}

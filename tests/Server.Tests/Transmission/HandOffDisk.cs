using System.Threading.Tasks.Sources;
using SharpNbd.Abstractions;

namespace SharpNbd.Server.Tests;

/// <summary>
/// A disk in memory. Calls for which <paramref name="isHandedOff"/> is true are done by a thread of the pool and answered through
/// sources that are used again, as a careful plugin would: whoever asks one of them twice, or too early, is found out. Allocates nothing
/// per call.
/// </summary>
/// <param name="content">What it holds.</param>
/// <param name="isHandedOff">Asked for each call.</param>
internal sealed class HandOffDisk(byte[] content, Func<bool> isHandedOff) : Disk
{
    private readonly Stack<Work> _idle = new(64);
    private int _started;
    private int _answered;
    private int _misused;

    public override long Size => content.Length;

    public override DiskCapabilities Capabilities { get; } = TestKit.RecordingDisk.Everything with { CanExtents = false };

    /// <summary>Calls that were handed off.</summary>
    public int Started => Volatile.Read(ref _started);

    /// <summary>Answers to them that were taken.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Answers that were taken twice or too early.</summary>
    public int Misused => Volatile.Read(ref _misused);

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => Run(Copy.Out, offset, buffer);

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => Run(Copy.In, offset, System.Runtime.InteropServices.MemoryMarshal.AsMemory(data));

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => Run(Copy.Nothing, 0, default);

    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        content.AsSpan((int)range.Offset, (int)range.Length).Clear();
        return Run(Copy.Nothing, 0, default);
    }

    private ValueTask Run(Copy copy, long offset, Memory<byte> buffer)
    {
        if (!isHandedOff())
        {
            Do(copy, offset, buffer);
            return ValueTask.CompletedTask;
        }

        Interlocked.Increment(ref _started);
        Work? work;
        lock (_idle)
        {
            if (!_idle.TryPop(out work))
            {
                work = new Work(this);
            }
        }

        return work.Begin(copy, offset, buffer);
    }

    private void Do(Copy copy, long offset, Memory<byte> buffer)
    {
        var place = content.AsSpan((int)offset, buffer.Length);
        switch (copy)
        {
            case Copy.Out:
                place.CopyTo(buffer.Span);
                break;
            case Copy.In:
                buffer.Span.CopyTo(place);
                break;
        }
    }

    private enum Copy
    {
        Nothing,
        Out,
        In,
    }

    private sealed class Work(HandOffDisk disk) : IValueTaskSource, IThreadPoolWorkItem
    {
        private ManualResetValueTaskSourceCore<bool> _core;
        private Copy _copy;
        private long _offset;
        private Memory<byte> _buffer;

        public ValueTask Begin(Copy copy, long offset, Memory<byte> buffer)
        {
            (_copy, _offset, _buffer) = (copy, offset, buffer);
            var task = new ValueTask(this, _core.Version);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            return task;
        }

        public void Execute()
        {
            disk.Do(_copy, _offset, _buffer);
            _core.SetResult(true);
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
            => _core.OnCompleted(continuation, state, token, flags);

        public void GetResult(short token)
        {
            if (token != _core.Version || _core.GetStatus(token) == ValueTaskSourceStatus.Pending)
            {
                Interlocked.Increment(ref disk._misused);
            }

            _core.GetResult(token);
            _core.Reset();
            _buffer = default;
            Interlocked.Increment(ref disk._answered);
            lock (disk._idle)
            {
                disk._idle.Push(this);
            }
        }
    }
}

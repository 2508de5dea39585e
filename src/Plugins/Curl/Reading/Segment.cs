using System.Buffers;

namespace SharpNbd.Plugins;

/// <summary>
/// A range of the resource on its way into memory. Reads copy what they want of it as soon as that has arrived. It is counted who uses it: the
/// reader's list, the transfer while it runs, each read that waits. The last one gives the memory back.
/// </summary>
/// <param name="reader">Whose it is.</param>
/// <param name="offset">Its first byte.</param>
/// <param name="length">Its length, which can grow until it has begun.</param>
/// <param name="stream">The stream of reads that it was fetched for in advance, or null where a client asked for it.</param>
internal sealed class Segment(RangeReader reader, long offset, int length, SequentialStream? stream) : Transfer, IArrival
{
    private readonly Lock _lock = new();
    private readonly List<(int UpTo, TaskCompletionSource Source)> _waiters = [];
    private byte[]? _buffer;
    private int _filled;
    private Exception? _error;
    private long _endedAt;

    // The reader's list and the transfer.
    private int _users = 2;

    public long Offset => offset;

    public int Length { get; private set; } = length;

    public long End => Offset + Length;

    public SequentialStream? Stream => stream;

    /// <summary>How much of it reads have taken. The reader's, under its lock.</summary>
    public long Taken { get; set; }

    /// <summary>How many writes there had been when it began.</summary>
    public long WritesBefore { get; private set; }

    /// <summary>When it was complete, in ticks of the reader's clock; 0 while it is not.</summary>
    public long EndedAt => Volatile.Read(ref _endedAt);

    public bool HasFailed => Volatile.Read(ref _error) is not null;

    public void AddUser() => Interlocked.Increment(ref _users);

    public void RemoveUser()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            reader.Discarded(this);
            if (_buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = null;
            }
        }
    }

    /// <summary>Called by the queue, which knows that it has not begun.</summary>
    public bool TryExtend(int by)
    {
        if (Length + by > RangeReader.LongestSegment)
        {
            return false;
        }

        Length += by;
        return true;
    }

    /// <summary>Copies bytes that have arrived.</summary>
    /// <returns>False when they have not.</returns>
    public bool TryCopy(int from, Span<byte> destination)
    {
        if (Volatile.Read(ref _filled) < from + destination.Length)
        {
            return false;
        }

        _buffer.AsSpan(from, destination.Length).CopyTo(destination);
        return true;
    }

    /// <summary>Copies bytes that have been waited for.</summary>
    public void Copy(int from, Span<byte> destination)
    {
        if (!TryCopy(from, destination))
        {
            throw new InvalidOperationException("bytes that had arrived are not there");
        }
    }

    /// <summary>Waits until so many bytes are there.</summary>
    public Task WaitAsync(int upTo, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_filled >= upTo)
            {
                return Task.CompletedTask;
            }

            if (_error is not null)
            {
                return Task.FromException(_error);
            }

            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((upTo, source));
            return source.Task.WaitAsync(cancellationToken);
        }
    }

    public override async Task RunAsync()
    {
        WritesBefore = reader.Writes;
        try
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Length);
            await reader.FetchAsync(this, _buffer.AsMemory(0, Length));
            Volatile.Write(ref _endedAt, reader.Now);
        }
        catch (Exception e)
        {
            Fail(e);
        }
        finally
        {
            RemoveUser();
        }
    }

    public void Arrived(int count)
    {
        lock (_lock)
        {
            // A second attempt begins anew; reads may have been told of what the first one brought.
            if (count <= _filled)
            {
                return;
            }

            Volatile.Write(ref _filled, count);
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_waiters[i].UpTo <= count)
                {
                    _waiters[i].Source.SetResult();
                    _waiters.RemoveAt(i);
                }
            }
        }
    }

    private void Fail(Exception e)
    {
        lock (_lock)
        {
            Volatile.Write(ref _error, e);
            foreach (var (_, source) in _waiters)
            {
                source.SetException(e);
            }

            _waiters.Clear();
        }
    }
}

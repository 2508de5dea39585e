using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>
/// A disk that checks what it is asked. What it answers late it has done at once; when it says so, at the end of a batch and in reverse
/// order, the memory of a write has to hold what it held.
/// </summary>
internal sealed class FuzzDisk(FuzzSource source) : Disk
{
    private const int Page = 4096;

    private readonly List<(TaskCompletionSource Task, Action Finish)> _late = [];
    private bool _isClosed;

    public override long Size => source.World.Size;

    public override DiskCapabilities Capabilities => source.World.Capabilities;

    public override string? Description => "a disk for fuzzers";

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var range = Check(offset, buffer.Length);
        if (!source.World.IsLate)
        {
            Fill(offset, buffer.Span);
            ThrowIfBad(range);
            return ValueTask.CompletedTask;
        }

        var snapshot = new byte[buffer.Length];
        Fill(offset, snapshot);
        return Later(() =>
        {
            snapshot.CopyTo(buffer);
            ThrowIfBad(range);
        });
    }

    public override bool TryLend(long offset, int length, out LentMemory memory)
    {
        memory = new LentMemory(source.Address + (nint)Math.Min(offset, FuzzWorld.ContentSize), length);
        return CanLend(Check(offset, length)) && offset % (2 * Page) < Page;
    }

    public override bool TryLendPieces(long offset, int length, LentPieces pieces)
    {
        var range = Check(offset, length);
        if (!CanLend(range))
        {
            return false;
        }

        while (offset < range.End)
        {
            var end = Math.Min(range.End, (offset / Page * Page) + Page);
            if (IsHole(offset))
            {
                pieces.AddHole((int)(end - offset));
            }
            else
            {
                pieces.Add(new LentMemory(source.Address + (nint)offset, (int)(end - offset)));
            }

            offset = end;
        }

        return true;
    }

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        var range = Check(offset, data.Length);
        if (!IsBad(range) && offset < FuzzWorld.ContentSize)
        {
            data.Span[..(int)Math.Min(data.Length, FuzzWorld.ContentSize - offset)].CopyTo(source.Content.AsSpan((int)offset));
        }

        if (!source.World.IsLate)
        {
            FailIfBad(range);
            return ValueTask.CompletedTask;
        }

        var copy = data.ToArray();
        return Later(() =>
        {
            source.Finding ??= data.Span.SequenceEqual(copy) ? null : $"the memory of a write of {range} changed before it had completed";
            FailIfBad(range);
        });
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => Done();

    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken) => Clear(range);

    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
        => (flags & ZeroFlags.Fast) != 0 && range.Offset % 1024 != 0
            ? throw new NbdException(NbdError.ENOTSUP, "that would not be fast")
            : Clear(range);

    public override ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
    {
        Check(range.Offset, range.Length);
        return Done();
    }

    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        Check(range.Offset, range.Length);
        for (var start = range.Offset / Page * Page; start < range.End && !extents.IsComplete; start += Page)
        {
            if (start >= FuzzWorld.ContentSize)
            {
                extents.Add(start, Size - start, ExtentFlags.Hole | ExtentFlags.Zero);
                break;
            }

            extents.Add(start, Page, IsHole(start) ? ExtentFlags.Hole | ExtentFlags.Zero : ExtentFlags.Data);
        }

        return Done();
    }

    public override void EndBatch()
    {
        var late = _late.ToArray();
        _late.Clear();
        for (var i = late.Length - 1; i >= 0; i--)
        {
            try
            {
                late[i].Finish();
                late[i].Task.SetResult();
            }
            catch (NbdException e)
            {
                late[i].Task.SetException(e);
            }
        }
    }

    public override ValueTask DisposeAsync()
    {
        source.Finding ??= _isClosed ? "a disk was closed twice" : _late.Count > 0 ? "a disk was closed with calls under way" : null;
        _isClosed = true;
        source.Open--;
        return ValueTask.CompletedTask;
    }

    private void FailIfBad(ByteRange range)
    {
        if (IsBad(range))
        {
            throw new NbdException(NbdError.ENOSPC, "these bytes cannot be written");
        }
    }

    private void ThrowIfBad(ByteRange range)
    {
        if (IsBad(range))
        {
            throw new NbdException(NbdError.EIO, "these bytes cannot be read") { FailedAt = Math.Max(range.Offset, FuzzWorld.Bad.Offset) };
        }
    }

    private bool IsBad(ByteRange range) => source.World.Fails && range.Offset < FuzzWorld.Bad.End && range.End > FuzzWorld.Bad.Offset;

    private bool CanLend(ByteRange range) => source.World.IsLending && range.End <= FuzzWorld.ContentSize && !IsBad(range);

    private bool IsHole(long offset)
        => !source.Content.AsSpan((int)(offset / Page * Page), Page).ContainsAnyExcept((byte)0);

    private void Fill(long offset, Span<byte> buffer)
    {
        var count = (int)Math.Clamp(FuzzWorld.ContentSize - offset, 0, buffer.Length);
        if (count > 0)
        {
            source.Content.AsSpan((int)offset, count).CopyTo(buffer);
        }

        buffer[count..].Clear();
    }

    private ValueTask Clear(ByteRange range)
    {
        Check(range.Offset, range.Length);
        if (range.Offset < FuzzWorld.ContentSize)
        {
            source.Content.AsSpan((int)range.Offset, (int)Math.Min(range.Length, FuzzWorld.ContentSize - range.Offset)).Clear();
        }

        return Done();
    }

    private ValueTask Done() => source.World.IsLate ? Later(() => { }) : ValueTask.CompletedTask;

    // Continuations run where the task is completed: everything stays on one thread.
    private ValueTask Later(Action finish)
    {
        var task = new TaskCompletionSource();
        _late.Add((task, finish));
        return new ValueTask(task.Task);
    }

    private ByteRange Check(long offset, long length)
    {
        var world = source.World;
        source.Finding ??= _isClosed ? "a disk was asked when it was closed"
            : offset < 0 || length <= 0 || offset > Size - length ? $"a disk of {Size} bytes was asked for {length} bytes at {offset}"
            : (offset | length) % world.MinimumBlock != 0 ? $"a disk with blocks of {world.MinimumBlock} was asked for {length} bytes at {offset}"
            : null;
        return new ByteRange(offset, length);
    }
}

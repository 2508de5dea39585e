using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// Serves the reads of one client. Neighbouring reads share requests to the server, and what a sequential reader will want is fetched in
/// advance, further ahead the longer it goes on. It is no cache: what was read is forgotten, and what was fetched in advance is too, after a
/// while.
/// </summary>
internal sealed partial class RangeReader : IAsyncDisposable
{
    /// <summary>
    /// With 4 connections, 20 ms to the server and this length some 600 MB/s are possible; longer ones would only make others wait.
    /// </summary>
    public const int LongestSegment = 4 << 20;

    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(10);

    private readonly WebResource _resource;
    private readonly TransferQueue _transfers;
    private readonly ReadAheadBudget _budget;
    private readonly WriteHistory _writes;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _lock = new();

    // No more than the reads under way and what fits into the window: few enough to be searched one by one.
    private readonly List<Segment> _segments = [];

    public RangeReader(WebResource resource, TransferQueue transfers, ReadAheadBudget budget, WriteHistory writes, int connections, TimeProvider time)
    {
        (_resource, _transfers, _budget, _writes, _time) = (resource, transfers, budget, writes, time);
        _connections = connections;
    }

    public long Writes => _writes.Count;

    public long Now => _time.GetTimestamp();

    /// <summary>Reads. Completes at once when all of it is there already.</summary>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        List<SegmentPart> parts;
        lock (_lock)
        {
            parts = Find(offset, buffer.Length);
            ReadAhead(offset, buffer.Length);
        }

        return TryCopy(parts, buffer) ? ValueTask.CompletedTask : new ValueTask(CopyAsync(parts, offset, buffer, cancellationToken));
    }

    /// <summary>Fetches a segment that has its turn.</summary>
    public ValueTask FetchAsync(Segment segment, Memory<byte> buffer) => _resource.ReadAsync(segment.Offset, buffer, segment, _closing.Token);

    /// <summary>Called when nobody uses a segment any more.</summary>
    public void Discarded(Segment segment)
    {
        if (segment.Stream is not null)
        {
            _budget.Return(segment.Length);
        }
    }

    /// <summary>Gives up what is under way; no read is.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        lock (_lock)
        {
            while (_segments.Count > 0)
            {
                Remove(_segments[^1], andTransfer: true);
            }

            _expiry?.Dispose();
        }
    }

    /// <summary>The parts that make up a range; what no segment holds is asked for.</summary>
    private List<SegmentPart> Find(long offset, int length)
    {
        var parts = new List<SegmentPart>(1);
        var end = offset + length;
        while (offset < end)
        {
            var isShared = true;
            var segment = Covering(offset);
            if (segment is null)
            {
                isShared = false;
                segment = Ask(offset, (int)Math.Min(LongestSegment, Math.Min(end, NextStart(offset)) - offset));
            }

            var part = new SegmentPart(segment, (int)(offset - segment.Offset), (int)(Math.Min(end, segment.End) - offset), isShared);
            segment.AddUser();
            _transfers.Hurry(segment);
            parts.Add(part);
            offset += part.Length;
        }

        return parts;
    }

    private Segment Ask(long offset, int length)
    {
        var before = _segments.Find(segment => segment.End == offset && segment.Stream is null);
        if (before is not null && _transfers.TryExtend(before, length))
        {
            return before;
        }

        return Add(new Segment(this, offset, length, stream: null) { IsUrgent = true });
    }

    private Segment Add(Segment segment)
    {
        _segments.Add(segment);
        _transfers.Add(segment);
        return segment;
    }

    private Segment? Covering(long offset)
    {
        for (var i = _segments.Count - 1; i >= 0; i--)
        {
            var segment = _segments[i];
            if (segment.Offset <= offset && offset < segment.End)
            {
                if (IsGood(segment))
                {
                    return segment;
                }

                Remove(segment);
            }
        }

        return null;
    }

    private long NextStart(long offset)
    {
        var next = long.MaxValue;
        foreach (var segment in _segments)
        {
            next = segment.Offset > offset ? Math.Min(next, segment.Offset) : next;
        }

        return next;
    }

    // What began before a write may be older than it.
    private bool IsGood(Segment segment)
        => segment.IsQueued
            || (!segment.HasFailed && segment.WritesBefore == _writes.Count && !IsExpired(segment));

    private bool IsExpired(Segment segment) => segment.EndedAt != 0 && _time.GetElapsedTime(segment.EndedAt) >= GoodFor;

    /// <summary>Forgets a segment. Reads that have it keep it.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="andTransfer">Nobody waits for it: it need not begin.</param>
    private void Remove(Segment segment, bool andTransfer = false)
    {
        _segments.Remove(segment);
        if (andTransfer && _transfers.TryRemove(segment))
        {
            segment.RemoveUser();
        }

        segment.RemoveUser();
    }

    private bool TryCopy(List<SegmentPart> parts, Memory<byte> buffer)
    {
        var position = 0;
        foreach (var part in parts)
        {
            if (!part.Segment.TryCopy(part.From, buffer.Span.Slice(position, part.Length)))
            {
                return false;
            }

            position += part.Length;
        }

        Done(parts);
        return true;
    }

    private async Task CopyAsync(List<SegmentPart> parts, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var position = 0;
            foreach (var part in parts)
            {
                await CopyAsync(part, offset + position, buffer.Slice(position, part.Length), cancellationToken);
                position += part.Length;
            }
        }
        finally
        {
            Done(parts);
        }
    }

    private async ValueTask CopyAsync(SegmentPart part, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            await part.Segment.WaitAsync(part.From + destination.Length, cancellationToken);
            part.Segment.Copy(part.From, destination.Span);
            return;
        }
        catch (NbdException) when (part.IsShared || part.Segment.Length != part.Length)
        {
            // It was asked for together with bytes that others want or nobody does, and these may be the reason.
        }

        await CopyAloneAsync(offset, destination, cancellationToken);
    }

    private async ValueTask CopyAloneAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        var segment = new Segment(this, offset, destination.Length, stream: null) { IsUrgent = true };
        try
        {
            _transfers.Add(segment);
            await segment.WaitAsync(destination.Length, cancellationToken);
            segment.Copy(0, destination.Span);
        }
        finally
        {
            if (_transfers.TryRemove(segment))
            {
                segment.RemoveUser();
            }

            segment.RemoveUser();
        }
    }

    private void Done(List<SegmentPart> parts)
    {
        lock (_lock)
        {
            foreach (var (segment, _, length, _) in parts)
            {
                segment.Taken += length;
                if (segment.Taken >= segment.Length && _segments.Remove(segment))
                {
                    segment.RemoveUser();
                }

                segment.RemoveUser();
            }
        }
    }
}

namespace SharpNbd.Plugins;

/// <content>Fetching in advance.</content>
internal sealed partial class RangeReader
{
    private const int ShortestAhead = 256 << 10;

    /// <summary>A guest reads several files at once, and each should be read ahead.</summary>
    private const int MostStreams = 4;

    private readonly int _connections;
    private readonly SequentialStream[] _streams = [.. Enumerable.Range(0, MostStreams).Select(_ => new SequentialStream())];
    private ITimer? _expiry;
    private long _turn;

    /// <summary>How far ahead is fetched at most: every connection has a segment that is on its way and one that is being read.</summary>
    public static int WindowOf(int connections) => (int)Math.Min(256 << 20, 2L * connections * LongestSegment);

    private void ReadAhead(long offset, int length)
    {
        var stream = StreamOf(offset, length);

        // One read does not make a row.
        if (stream.Run <= length)
        {
            return;
        }

        var ahead = (int)Math.Clamp(2 * stream.Run, ShortestAhead, WindowOf(_connections));
        var step = Math.Clamp(ahead / _connections, ShortestAhead, LongestSegment);
        var goal = Math.Min(_resource.Facts.Size, stream.Next + ahead);
        stream.Frontier = Math.Max(stream.Frontier, stream.Next);
        while (stream.Frontier < goal)
        {
            if (Covering(stream.Frontier) is { } there)
            {
                stream.Frontier = there.End;
                continue;
            }

            // Whole steps only, except at the end of the disk.
            if (goal - stream.Frontier < step && goal < _resource.Facts.Size)
            {
                return;
            }

            var piece = (int)Math.Min(Math.Min(step, goal - stream.Frontier), NextStart(stream.Frontier) - stream.Frontier);
            if (!_budget.TryTake(piece))
            {
                return;
            }

            AskAhead(stream, piece);
            stream.Frontier += piece;
        }
    }

    private void AskAhead(SequentialStream stream, int length)
    {
        var before = _segments.Find(segment => segment.End == stream.Frontier && segment.Stream == stream);
        if (before is null || !_transfers.TryExtend(before, length))
        {
            Add(new Segment(this, stream.Frontier, length, stream));
            _expiry ??= _time.CreateTimer(_ => Expire(), null, GoodFor, GoodFor);
        }
    }

    private SequentialStream StreamOf(long offset, int length)
    {
        // What one stream fetches in advance may reach to where another one is.
        var stream = Array.Find(_streams, candidate => candidate.Next == offset) ?? Array.Find(_streams, candidate => candidate.IsNear(offset, length));
        if (stream is not null)
        {
            stream.Take(offset, length);
        }
        else
        {
            stream = _streams.MinBy(candidate => candidate.LastUsed)!;
            Abandon(stream);
            stream.Restart(offset, length);
        }

        stream.LastUsed = ++_turn;
        return stream;
    }

    /// <summary>Forgets what was fetched for a stream that has ended. What is on its way arrives and is thrown away.</summary>
    private void Abandon(SequentialStream stream)
    {
        for (var i = _segments.Count - 1; i >= 0; i--)
        {
            if (_segments[i] is { } segment && segment.Stream == stream)
            {
                Remove(segment, andTransfer: !segment.IsUrgent);
            }
        }
    }

    /// <summary>Looks from time to time whether something is too old, so that a client that has stopped reading does not keep memory.</summary>
    private void Expire()
    {
        lock (_lock)
        {
            for (var i = _segments.Count - 1; i >= 0; i--)
            {
                if (IsExpired(_segments[i]))
                {
                    Remove(_segments[i]);
                }
            }

            if (_segments.Count == 0)
            {
                _expiry?.Dispose();
                _expiry = null;
            }
        }
    }
}

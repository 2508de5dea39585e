using System.Diagnostics;

namespace SharpNbd.Viewer;

/// <summary>One disk as one page sees it: at the end of its log, or at a moment of its own.</summary>
internal sealed class DiskCursor(DiskLog log)
{
    private readonly byte[] _buffer = new byte[256 << 10];
    private Player? _player;
    private int _generation;

    public DiskLog Log => log;

    /// <summary>What the page sees. The log's gate must be held while it is looked at.</summary>
    public Player Player => _player ?? log.Head;

    /// <summary>The log has begun anew since the cursor left its end.</summary>
    public bool IsOutdated => _player is not null && _generation != log.Generation;

    /// <summary>Follows the end of the log.</summary>
    public void GoLive() => _player = null;

    /// <summary>Stays at the end as it is now.</summary>
    public void Leave()
    {
        lock (log.Gate)
        {
            _player ??= log.Head.Clone();
            _generation = log.Generation;
        }
    }

    /// <summary>Goes to a time, forward or back.</summary>
    public void Seek(long time)
    {
        lock (log.Gate)
        {
            _player = log.PlayerBeforeTime(time);
            _generation = log.Generation;
        }

        Advance(time, Stopwatch.GetTimestamp() + (60 * Stopwatch.Frequency));
    }

    /// <summary>Goes to the state that has so many beginnings and ends.</summary>
    public void SeekMoment(long moments)
    {
        lock (log.Gate)
        {
            _player = log.PlayerBeforeMoment(moments);
            _generation = log.Generation;
        }

        Play(long.MaxValue, moments - _player.Moments, long.MaxValue);
    }

    /// <summary>Goes forward to a time; returns false when that would take longer than allowed and it has stopped on the way.</summary>
    public bool Advance(long time, long deadline)
    {
        var isNextKnown = _player!.NextTime != long.MaxValue;
        return (isNextKnown && _player.NextTime > time) || Play(time, long.MaxValue, deadline);
    }

    /// <summary>Goes forward by one beginning or end.</summary>
    public void Step() => Play(long.MaxValue, 1, long.MaxValue);

    /// <summary>The time of the next beginning or end; the largest number where there is none.</summary>
    public long Peek()
    {
        Play(long.MaxValue, 0, long.MaxValue);
        return _player!.NextTime;
    }

    // The moments count is the player's to go down from, so each buffer gets what is left.
    private bool Play(long time, long moments, long deadline)
    {
        try
        {
            using var file = log.Open();
            var last = moments > long.MaxValue - _player!.Moments ? long.MaxValue : _player.Moments + moments;
            while (true)
            {
                var before = _player.Position;
                var stop = _player.Advance(file, _buffer, time, last - _player.Moments);
                if (stop != PlayerStop.Buffer || _player.Position == before)
                {
                    return true;
                }

                if (Stopwatch.GetTimestamp() > deadline)
                {
                    return false;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The log has gone. What was seen of it stays.
            return true;
        }
    }
}

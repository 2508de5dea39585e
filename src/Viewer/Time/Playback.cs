using System.Diagnostics;

namespace SharpNbd.Viewer;

/// <summary>The time of one page, which all its disks share.</summary>
internal sealed class Playback(IReadOnlyList<DiskLog> logs, TimeProvider clock)
{
    public const double SlowestRate = 0.01;
    public const double FastestRate = 1000;

    /// <summary>Where a log has more lines than can be played at the wanted rate, the time goes as fast as they do.</summary>
    private static readonly long PlayTicks = Stopwatch.Frequency / 20;

    private readonly DiskCursor[] _cursors = [.. logs.Select(log => new DiskCursor(log))];
    private long _ticked;
    private long _end;
    private long _ended;

    public IReadOnlyList<DiskCursor> Cursors => _cursors;

    public PlaybackMode Mode { get; private set; } = PlaybackMode.Live;

    /// <summary>How many seconds of the log pass in one.</summary>
    public double Rate { get; private set; } = 1;

    /// <summary>The moment that is shown, in microseconds since 1970.</summary>
    public long Time { get; private set; }

    /// <summary>The time of the first line of all logs; 0 where there is none yet.</summary>
    public long Start => logs.Select(log => log.Head.FirstTime).Where(time => time > 0).DefaultIfEmpty().Min();

    /// <summary>The time of the last line of all logs.</summary>
    public long End => logs.Max(log => log.Head.Time);

    public void Pause()
    {
        if (Mode == PlaybackMode.Live)
        {
            Leave();
        }

        Mode = PlaybackMode.Paused;
    }

    /// <summary>Goes on from the moment that is shown; from the start where that is the end.</summary>
    public void Play()
    {
        if (Mode == PlaybackMode.Live || Time >= End)
        {
            Seek(Start);
        }

        Mode = PlaybackMode.Playing;
        _ticked = clock.GetTimestamp();
    }

    public void SetRate(double rate) => Rate = Math.Clamp(rate, SlowestRate, FastestRate);

    public void GoLive()
    {
        Mode = PlaybackMode.Live;
        foreach (var cursor in _cursors)
        {
            cursor.GoLive();
        }
    }

    /// <summary>Goes to a moment and stays there, or plays on from there.</summary>
    public void Seek(long time)
    {
        Mode = Mode == PlaybackMode.Playing ? PlaybackMode.Playing : PlaybackMode.Paused;
        Time = Math.Clamp(time, Start, Math.Max(Start, End));
        Parallel.ForEach(_cursors, cursor => cursor.Seek(Time));
        _ticked = clock.GetTimestamp();
    }

    /// <summary>Goes to the next beginning or end of a request on any disk.</summary>
    public void Step()
    {
        Pause();
        var next = _cursors.MinBy(cursor => cursor.Peek())!;
        if (next.Peek() != long.MaxValue)
        {
            Time = Math.Max(Time, next.Peek());
            next.Step();
        }
    }

    /// <summary>Takes back the latest beginning or end.</summary>
    public void StepBack()
    {
        Pause();
        var latest = _cursors.MaxBy(cursor => cursor.Player.MomentTime)!;
        if (latest.Player.Moments > 0)
        {
            latest.SeekMoment(latest.Player.Moments - 1);
            Time = Math.Max(Start, _cursors.Max(cursor => cursor.Player.MomentTime));
        }
    }

    /// <summary>Lets the time pass that has passed since the last call.</summary>
    public void Tick()
    {
        if (_cursors.Any(cursor => cursor.IsOutdated))
        {
            GoLive();
        }

        if (Mode == PlaybackMode.Live)
        {
            Time = Math.Max(clock.GetUtcNow().ToMicroseconds(), EndGoingOn());
        }
        else if (Mode == PlaybackMode.Playing)
        {
            Play(clock.GetElapsedTime(_ticked));
        }

        _ticked = clock.GetTimestamp();
    }

    // A log from a machine whose clock is ahead ends in the future, from where time goes on too.
    private long EndGoingOn()
    {
        var end = End;
        if (end != _end)
        {
            (_end, _ended) = (end, clock.GetTimestamp());
        }

        return end + (long)clock.GetElapsedTime(_ended).TotalMicroseconds;
    }

    private void Play(TimeSpan elapsed)
    {
        Time += (long)(elapsed.TotalMicroseconds * Rate);
        var deadline = Stopwatch.GetTimestamp() + PlayTicks;
        foreach (var cursor in _cursors)
        {
            if (!cursor.Advance(Time, deadline))
            {
                Time = Math.Min(Time, cursor.Player.Time);
            }
        }

        if (Time >= End && logs.All(log => log.State != LogState.Loading))
        {
            GoLive();
        }
    }

    private void Leave()
    {
        foreach (var cursor in _cursors)
        {
            cursor.Leave();
        }

        Time = Math.Max(Start, _cursors.Max(cursor => cursor.Player.Time));
    }
}

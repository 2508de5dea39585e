namespace SharpNbd.TestKit;

/// <summary>A clock that stands still until the test moves it; timers fire inside <see cref="Advance"/>, in the order of their times.</summary>
/// <param name="start">What it shows at first; noon of the first of January 2030 UTC unless given.</param>
public sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private DateTimeOffset _now = start ?? new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>The number of timers that wait to fire.</summary>
    public int TimerCount
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what falls due on the way.</summary>
    /// <param name="by">How far, not negative.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = GetUtcNow() + by;
        while (TakeDue(target) is { } timer)
        {
            timer.Callback();
        }

        lock (_lock)
        {
            _now = target;
        }
    }

    /// <summary>Completes when at least so many timers wait to fire, for delays that another thread starts.</summary>
    /// <param name="count">The number of timers.</param>
    public Task WaitForTimersAsync(int count)
    {
        lock (_lock)
        {
            if (_timers.Count >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, reached));
            return reached.Task;
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset target)
    {
        lock (_lock)
        {
            if (_timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due) is not { } timer)
            {
                return null;
            }

            _now = timer.Due > _now ? timer.Due : _now;
            if (timer.Period > TimeSpan.Zero)
            {
                timer.Due += timer.Period;
            }
            else
            {
                _timers.Remove(timer);
            }

            return timer;
        }
    }

    private void Schedule(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime < TimeSpan.Zero)
            {
                return;
            }

            timer.Due = _now + dueTime;
            timer.Period = period;
            _timers.Add(timer);
            foreach (var (_, reached) in _waiters.Where(waiter => waiter.Count <= _timers.Count))
            {
                reached.TrySetResult();
            }

            _waiters.RemoveAll(waiter => waiter.Count <= _timers.Count);
        }
    }

    private sealed class ManualTimer(ManualTime clock, Action callback) : ITimer
    {
        public Action Callback { get; } = callback;

        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Schedule(this, dueTime, period);
            if (dueTime == TimeSpan.Zero)
            {
                // As the real clock does: a timer that is due at once fires without anyone moving the clock.
                clock.Advance(TimeSpan.Zero);
            }

            return true;
        }

        public void Dispose() => clock.Schedule(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

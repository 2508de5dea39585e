namespace SharpNbd.Plugins;

/// <summary>
/// The programs that run at the moment, which are killed some time after the server was told to stop: a little sooner than the server itself
/// gives up waiting, so that every request still gets its answer.
/// </summary>
internal sealed class RunningPrograms : IDisposable
{
    private readonly HashSet<RunningProgram> _programs = [];
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly CancellationTokenRegistration _stopping;
    private ITimer? _timer;

    /// <summary>None yet.</summary>
    /// <param name="patience">How long they may go on.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Cancelled when the server is told to stop.</param>
    public RunningPrograms(TimeSpan patience, TimeProvider time, CancellationToken stopping)
    {
        (_patience, _time) = (patience, time);
        _stopping = stopping.UnsafeRegister(programs => ((RunningPrograms)programs!).BeginStopping(), this);
    }

    /// <summary>The time is over: whatever begins now is killed at once.</summary>
    public bool AreCut { get; private set; }

    public void Add(RunningProgram program)
    {
        lock (_programs)
        {
            _programs.Add(program);
            if (AreCut)
            {
                program.Kill();
            }
        }
    }

    public void Remove(RunningProgram program)
    {
        lock (_programs)
        {
            _programs.Remove(program);
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _timer?.Dispose();
    }

    private void BeginStopping()
        => _timer = _time.CreateTimer(programs => ((RunningPrograms)programs!).Cut(), this, _patience, Timeout.InfiniteTimeSpan);

    private void Cut()
    {
        lock (_programs)
        {
            AreCut = true;
            foreach (var program in _programs)
            {
                program.Kill();
            }
        }
    }
}

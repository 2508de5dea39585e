namespace SharpNbd.Plugins;

/// <summary>Kills a script that goes on for too long after nobody waits for its answer any more.</summary>
internal sealed class ScriptWatch : IDisposable
{
    private readonly RunningProgram _program;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;

    public ScriptWatch(RunningProgram program, ScriptCall call, TimeProvider time)
    {
        (_program, _patience, _time) = (program, call.Patience, time);
        _registration = call.Abandoned.UnsafeRegister(watch => ((ScriptWatch)watch!).Begin(), this);
    }

    /// <summary>It came to that.</summary>
    public bool HasKilled { get; private set; }

    public void Dispose()
    {
        // Waits for the callback, behind which there is no new timer.
        _registration.Dispose();
        _timer?.Dispose();
    }

    private void Begin()
    {
        if (_patience == TimeSpan.Zero)
        {
            Kill();
        }
        else
        {
            _timer = _time.CreateTimer(watch => ((ScriptWatch)watch!).Kill(), this, _patience, Timeout.InfiniteTimeSpan);
        }
    }

    private void Kill()
    {
        HasKilled = true;
        _program.Kill();
    }
}

namespace SharpNbd.Client;

/// <summary>
/// Notices when a request that nobody waits for any more keeps its memory in use and not a byte moves. It looks only while there is such a request.
/// </summary>
/// <param name="isStalled">Whether there is one.</param>
/// <param name="cut">Ends the connection.</param>
internal sealed class StallWatch(Func<bool> isStalled, Action cut) : IDisposable
{
    /// <summary>How long nothing may move.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Timer? _timer;
    private bool _isAsked;
    private bool _isDisposed;
    private long _progress;
    private long _seen;

    /// <summary>Something has moved.</summary>
    public void Progress() => Volatile.Write(ref _progress, _progress + 1);

    /// <summary>A request was given up: looks after it from now on.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _isAsked = true;
            if (_timer is null && !_isDisposed)
            {
                _seen = Volatile.Read(ref _progress);
                _timer = new Timer(static watch => ((StallWatch)watch!).Check(), this, Patience, Patience);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Check()
    {
        lock (_gate)
        {
            _isAsked = false;
        }

        // Not under the lock: this takes the connection's, under which a request may be given up.
        var hasStalled = isStalled();
        lock (_gate)
        {
            var progress = Volatile.Read(ref _progress);
            if (hasStalled ? progress != _seen : _isAsked)
            {
                _seen = progress;
                return;
            }

            _timer?.Dispose();
            _timer = null;
            if (!hasStalled || _isDisposed)
            {
                return;
            }
        }

        cut();
    }
}

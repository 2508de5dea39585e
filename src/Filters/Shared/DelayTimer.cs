namespace SharpNbd.Filters;

/// <summary>
/// Waits that end within about a millisecond of their time, and never before it. The timers of .NET count a coarse clock:
/// waits of 1 to 10 ms were measured to last 2 to 3 ms longer in the middle and 6 at worst, and one below 1 ms not to wait at all.
/// So a thread of its own, started when the first wait comes, sleeps until the next one is due.
/// </summary>
/// <param name="time">The clock. One that is not the system's, as in tests, is asked for its own timers.</param>
internal sealed class DelayTimer(TimeProvider time) : IDisposable
{
    // A monitor, which can sleep until the next wait is due; nobody holds it for long.
    private readonly object _monitor = new();
    private readonly PriorityQueue<PendingDelay, long> _pending = new();
    private Thread? _thread;
    private bool _isClosed;

    /// <summary>Completes when the delay is over, or is cancelled with the token.</summary>
    public Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
        => ReferenceEquals(time, TimeProvider.System)
            ? WaitPreciselyAsync(delay, cancellationToken)
            : Task.Delay(delay, time, cancellationToken);

    /// <summary>Ends the thread. Every wait must be over by then.</summary>
    public void Dispose()
    {
        lock (_monitor)
        {
            _isClosed = true;
            Monitor.Pulse(_monitor);
        }
    }

    private async Task WaitPreciselyAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        var pending = new PendingDelay(this);
        lock (_monitor)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            var due = time.GetTimestamp() + (long)Math.Ceiling(delay.TotalSeconds * time.TimestampFrequency);
            _pending.Enqueue(pending, due);
            StartThread();
            if (ReferenceEquals(_pending.Peek(), pending))
            {
                Monitor.Pulse(_monitor);
            }
        }

        using (cancellationToken.UnsafeRegister(static (state, token) => ((PendingDelay)state!).Cancel(token), pending))
        {
            await pending.Task;
        }
    }

    private void StartThread()
    {
        if (_thread is null)
        {
            _thread = new Thread(CompleteDueOnes) { IsBackground = true, Name = "delay timer" };
            _thread.UnsafeStart();
        }
    }

    private void CompleteDueOnes()
    {
        lock (_monitor)
        {
            while (!_isClosed)
            {
                if (!_pending.TryPeek(out var next, out var due))
                {
                    Monitor.Wait(_monitor);
                }
                else if (due - time.GetTimestamp() is var left and > 0)
                {
                    // Rounded up, for a wait may end late but not early.
                    Monitor.Wait(_monitor, (int)Math.Min(int.MaxValue, Math.Ceiling(left * 1000.0 / time.TimestampFrequency)));
                }
                else
                {
                    _pending.Dequeue();
                    next.TrySetResult();
                }
            }
        }
    }

    /// <summary>A wait. What waits goes on in the thread pool, never on the timer's thread.</summary>
    private sealed class PendingDelay(DelayTimer timer) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public void Cancel(CancellationToken cancellationToken)
        {
            lock (timer._monitor)
            {
                timer._pending.Remove(this, out _, out _);
            }

            TrySetCanceled(cancellationToken);
        }
    }
}

namespace SharpNbd.Plugins;

/// <summary>
/// Threads for calls that block in the kernel, so that neither a connection's thread nor the thread pool waits for a
/// device. They are started when there is more work than idle threads, up to a bound, and end when they were idle for a while.
/// </summary>
/// <param name="name">What the threads are called in debuggers and <c>top</c>.</param>
/// <param name="maximum">The most threads at a time; further work waits in order.</param>
/// <param name="idleLimit">How long a thread without work stays.</param>
internal sealed class IoThreads(string name, int maximum, TimeSpan idleLimit) : IDisposable
{
    // Nothing here recurses, and 8 MiB of address space for each thread would count under a strict overcommit policy.
    private const int StackSize = 512 * 1024;

    private readonly object _gate = new();
    private readonly Queue<IoWork> _work = new();
    private int _threads;
    private int _idle;
    private bool _isClosed;

    /// <summary>The number of threads at the moment.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _threads;
            }
        }
    }

    /// <summary>Hands over work and returns at once.</summary>
    /// <param name="work">Executed once. If not a single thread can be had, it is executed before the call returns.</param>
    public void Queue(IoWork work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _work.Enqueue(work);

            // An idle thread that has been woken counts as idle until it has taken its work out of the queue.
            if (_work.Count <= _idle || _threads >= maximum)
            {
                Monitor.Pulse(_gate);
                return;
            }

            _threads++;
        }

        StartThread();
    }

    /// <summary>Lets the threads finish what is queued and end; does not wait for that.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void StartThread()
    {
        try
        {
            new Thread(Run, StackSize) { IsBackground = true, Name = name }.Start();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            // The limit of processes or memory is reached. The threads that there are go on with the queue.
            IoWork? work = null;
            lock (_gate)
            {
                _threads--;
                if (_threads == 0)
                {
                    _work.TryDequeue(out work);
                }
            }

            work?.Execute();
        }
    }

    private void Run()
    {
        while (Take() is { } work)
        {
            work.Execute();
        }
    }

    /// <summary>Waits for work; null when the thread has to end.</summary>
    private IoWork? Take()
    {
        lock (_gate)
        {
            var isWorkExpected = true;
            while (true)
            {
                if (_work.TryDequeue(out var work))
                {
                    return work;
                }

                if (_isClosed || !isWorkExpected)
                {
                    _threads--;
                    return null;
                }

                _idle++;
                isWorkExpected = Monitor.Wait(_gate, idleLimit);
                _idle--;
            }
        }
    }
}

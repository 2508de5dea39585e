using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Sends replies. Those that the connection's thread has at once are collected and leave in one system call when nothing more
/// can be done without waiting. Those that finish elsewhere are sent by whoever finishes them: one at a time holds the
/// lock and sends for all that finished meanwhile, without ever waiting for the peer; what does not fit is left to a thread that may wait.
/// </summary>
internal sealed class ReplySender(Disk disk, GatherWriter output, ReplyEncoder encoder, RequestPool pool, InFlightGate gate, Action peerGone) : IDisposable
{
    private readonly object _sending = new();
    private readonly SemaphoreSlim _leftover = new(0);
    private readonly List<Request> _unsent = [];
    private readonly List<Request> _batch = [];
    private int _batchBytes;
    private Request? _finished;
    private Thread? _waiter;
    private Action? _sendFinished;
    private bool _isBroken;
    private volatile bool _isClosed;

    /// <summary>Whether the client is known to be gone: no reply reaches it any more.</summary>
    public bool IsBroken => Volatile.Read(ref _isBroken);

    /// <summary>Queues a reply of the connection's thread; sends when enough have come together.</summary>
    public void Add(Request request)
    {
        _batch.Add(request);
        _batchBytes += request.Header.Command == Command.Read ? encoder.PayloadOnWire(request) : 0;
        if (_batchBytes >= Limits.BatchBytes || _batch.Count >= Limits.BatchReplies)
        {
            Flush();
        }
    }

    /// <summary>
    /// The pipe for the pages of a read of this length, empty; null where copying is better. It holds one reply at a time, which has to be
    /// added and sent next. Only the connection's thread.
    /// </summary>
    public SplicePipe? PipeFor(int length)
    {
        if (length < output.ShortestPages || output.Pipe is not { } pipe || length > pipe.Capacity)
        {
            return null;
        }

        Flush();
        return pipe;
    }

    /// <summary>Sends what is queued, waiting for the peer as long as it takes. Only the connection's thread.</summary>
    public void Flush()
    {
        disk.EndBatch();
        if (_batch.Count == 0)
        {
            return;
        }

        lock (_sending)
        {
            foreach (var request in _batch)
            {
                Encode(request);
            }

            EncodeFinished();
            Send(wait: true);
        }

        _batch.Clear();
        _batchBytes = 0;
        SendFinished();
    }

    /// <summary>Sends a reply that was not there at once; together with others where the thread has more of them. From any thread; does not wait.</summary>
    public void Finish(Request request)
    {
        Request? head;
        do
        {
            head = Volatile.Read(ref _finished);
            request.Next = head;
        }
        while (Interlocked.CompareExchange(ref _finished, request, head) != head);
        if (!CompletionBatch.TryDefer(_sendFinished ??= SendFinished))
        {
            SendFinished();
        }
    }

    /// <summary>Ends the waiting thread, if there is one. Nothing is in flight any more.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _leftover.Release();
        _waiter?.Join();
        _leftover.Dispose();
    }

    // Whoever comes while the lock is taken leaves his reply to its holder, who looks again after letting go.
    private void SendFinished()
    {
        while (HasFinished() && Monitor.TryEnter(_sending))
        {
            try
            {
                EncodeFinished();
                if (!Send(wait: false))
                {
                    LeaveToWaiter();
                    return;
                }
            }
            finally
            {
                Monitor.Exit(_sending);
            }
        }
    }

    // Who came while the lock was held saw it taken: looking again must not happen before letting go is visible.
    private bool HasFinished()
    {
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _finished) is not null;
    }

    private void LeaveToWaiter()
    {
        if (_waiter is null)
        {
            _waiter = new Thread(WaitAndSend, maxStackSize: 128 * 1024) { IsBackground = true, Name = "nbd replies" };
            _waiter.Start();
        }

        _leftover.Release();
    }

    private void WaitAndSend()
    {
        while (true)
        {
            _leftover.Wait();
            if (_isClosed)
            {
                return;
            }

            lock (_sending)
            {
                EncodeFinished();
                Send(wait: true);
            }

            SendFinished();
        }
    }

    private void EncodeFinished()
    {
        // The list has the last one first; replies leave in the order in which they finished.
        Request? inOrder = null;
        for (var request = Interlocked.Exchange(ref _finished, null); request is not null;)
        {
            var next = request.Next;
            request.Next = inOrder;
            inOrder = request;
            request = next;
        }

        while (inOrder is not null)
        {
            var next = inOrder.Next;
            inOrder.Next = null;
            Encode(inOrder);
            inOrder = next;
        }
    }

    private void Encode(Request request)
    {
        if (!_isBroken)
        {
            encoder.Write(request, output);
        }

        _unsent.Add(request);
    }

    private bool Send(bool wait)
    {
        try
        {
            if (!_isBroken && !output.Flush(wait))
            {
                return false;
            }
        }
        catch (IOException)
        {
            // The reader sees the end as well; what is still in flight finishes for nobody.
            _isBroken = true;
            peerGone();
        }

        foreach (var request in _unsent)
        {
            var wasInFlight = request.IsInFlight;
            pool.Return(request);
            if (wasInFlight)
            {
                gate.Leave();
            }
        }

        _unsent.Clear();
        return true;
    }
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// Reads that have to wait for the device, of one connection: a thread hands them to the kernel many at a time and takes what is done many at
/// a time, where <see cref="IoThreads"/> would wake a thread for each. What the kernel does not read whole goes to those, which know what
/// to say about it.
/// </summary>
internal sealed unsafe class FileRing : IDisposable
{
    private const int MostInFlight = 64;
    private const ulong WakeupTag = ulong.MaxValue;
    private const ulong Work = 1;

    /// <summary>Cannot be reached by adding up <see cref="Work"/>.</summary>
    private const ulong Stop = 1UL << 32;

    private const int StackSize = 256 * 1024;

    private readonly FileRequest?[] _inFlight = new FileRequest?[MostInFlight];
    private readonly Stack<int> _free = new(Enumerable.Range(0, MostInFlight));
    private readonly Queue<FileRequest> _waiting = new();
    private readonly IoThreads _threads;
    private readonly IoRing _ring;
    private readonly int _wakeup;

    // Pushed by any thread, the latest one first; taken as a whole.
    private FileRequest? _queued;

    private FileRing(IoThreads threads, IoRing ring, int wakeup) => (_threads, _ring, _wakeup) = (threads, ring, wakeup);

    /// <summary>Starts a ring and its thread; null where the kernel has none for us, or the process no thread or descriptor left.</summary>
    /// <param name="threads">Who does what the ring does not.</param>
    public static FileRing? TryStart(IoThreads threads)
    {
        // Twice as many as can be in flight: adding never fails.
        var ring = IoRing.TryCreate(2 * MostInFlight);
        if (ring is null)
        {
            return null;
        }

        var wakeup = Libc.EventDescriptor(0, Libc.OpenCloseOnExec);
        if (wakeup >= 0)
        {
            var started = new FileRing(threads, ring, wakeup);
            try
            {
                new Thread(started.Run, StackSize) { IsBackground = true, Name = "file reads" }.Start();
                return started;
            }
            catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
            {
                _ = Libc.Close(wakeup);
            }
        }

        ring.Dispose();
        return null;
    }

    /// <summary>Takes a read, from any thread.</summary>
    public void Queue(FileRequest request)
    {
        FileRequest? head;
        do
        {
            head = Volatile.Read(ref _queued);
            request.Next = head;
        }
        while (Interlocked.CompareExchange(ref _queued, request, head) != head);

        // Whoever finds others there knows that the thread has been woken for them, and takes all when it comes.
        if (head is null)
        {
            Wake(Work);
        }
    }

    /// <summary>Lets the thread end, perhaps the one that calls; does not wait for that. Nothing is in flight.</summary>
    public void Dispose() => Wake(Stop);

    private void Wake(ulong signal) => _ = Libc.WriteDescriptor(_wakeup, &signal, sizeof(ulong));

    private void Run()
    {
        ulong signals;
        _ring.Enable();
        _ring.TryAdd(_wakeup, -1, (byte*)&signals, sizeof(ulong), WakeupTag);
        for (var isStopping = false; !isStopping;)
        {
            Add();
            _ring.Enter();

            // What is done by now leaves together.
            CompletionBatch.Begin();
            while (_ring.TryTake(out var tag, out var result))
            {
                if (tag != WakeupTag)
                {
                    Finish((int)tag, result);
                    continue;
                }

                isStopping = result == sizeof(ulong) && signals >= Stop;
                if (!isStopping)
                {
                    _ring.TryAdd(_wakeup, -1, (byte*)&signals, sizeof(ulong), WakeupTag);
                }
            }

            CompletionBatch.End();
        }

        _ring.Dispose();
        _ = Libc.Close(_wakeup);
    }

    private void Add()
    {
        for (var request = TakeQueued(); request is not null; request = request.Next)
        {
            _waiting.Enqueue(request);
        }

        while (_waiting.Count > 0 && _free.TryPop(out var place))
        {
            var request = _waiting.Dequeue();
            _inFlight[place] = request;
            _ring.TryAdd(request.File.Descriptor, request.Offset, request.PinBuffer(), request.Length, (ulong)place);
        }
    }

    private void Finish(int place, int count)
    {
        var request = _inFlight[place]!;
        _inFlight[place] = null;
        _free.Push(place);
        request.UnpinBuffer();
        if (count == request.Length)
        {
            request.FinishRead();
        }
        else
        {
            _threads.Queue(request);
        }
    }

    /// <summary>What is queued, the first one first.</summary>
    private FileRequest? TakeQueued()
    {
        FileRequest? inOrder = null;
        for (var request = Interlocked.Exchange(ref _queued, null); request is not null;)
        {
            var earlier = request.Next;
            request.Next = inOrder;
            inOrder = request;
            request = earlier;
        }

        return inOrder;
    }
}

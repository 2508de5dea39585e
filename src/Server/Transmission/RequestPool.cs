using System.Numerics;

namespace SharpNbd.Server;

/// <summary>
/// The requests of one connection with their buffers. The connection's thread takes, any thread gives back; neither waits
/// for the other.
/// </summary>
/// <param name="budget">What all connections share.</param>
/// <param name="closed">Cancelled when nobody waits for requests any more.</param>
internal sealed class RequestPool(MemoryBudget budget, CancellationToken closed)
{
    private const int SmallestBuffer = 4096;

    private readonly Lock _accounts = new();
    private readonly List<Request> _all = [];
    private Request? _free;
    private Request? _returned;
    private long _held;
    private long _borrowed;

    /// <summary>What it has taken of the common budget. From any thread.</summary>
    public long Borrowed => Volatile.Read(ref _borrowed);

    /// <summary>Takes a request, with no buffer promised.</summary>
    public Request Take(Dispatcher dispatcher)
    {
        _free ??= Interlocked.Exchange(ref _returned, null);
        if (_free is not { } request)
        {
            request = new Request(dispatcher);
            _all.Add(request);
            return request;
        }

        _free = request.Next;
        request.Next = null;
        return request;
    }

    /// <summary>Gives a request enough memory for a payload. Only the connection's thread.</summary>
    /// <returns>False when there is no memory to be had, also after waiting so long.</returns>
    public bool TryGiveBuffer(Request request, int length, TimeSpan wait)
    {
        if (request.Buffer is null || request.Buffer.Length < length)
        {
            Drop(request);
            var size = (int)Math.Max(SmallestBuffer, BitOperations.RoundUpToPowerOf2((uint)length));
            if (!TryBorrow(size, wait))
            {
                return false;
            }

            try
            {
                request.Buffer = new NativeBuffer(size);
            }
            catch (OutOfMemoryException)
            {
                GiveBack(size);
                return false;
            }
        }

        request.Data = request.Buffer.Slice(length);
        return true;
    }

    /// <summary>Whether a buffer of this length keeps the connection below its bound.</summary>
    public bool HasRoomFor(int length) => Volatile.Read(ref _held) + length <= Limits.BytesPerConnection;

    /// <summary>Gives a request back, from any thread. Its buffer stays with it unless much is kept already.</summary>
    public void Return(Request request)
    {
        if (request.Buffer is not null && Volatile.Read(ref _held) > Limits.CachedBytesPerConnection)
        {
            Drop(request);
        }

        Request? head;
        do
        {
            head = Volatile.Read(ref _returned);
            request.Next = head;
        }
        while (Interlocked.CompareExchange(ref _returned, request, head) != head);
    }

    /// <summary>Frees everything, also what was never given back because the connection failed; no request may be under way.</summary>
    public void Free() => _all.ForEach(Drop);

    private void Drop(Request request)
    {
        if (request.Buffer is { } buffer)
        {
            request.Buffer = null;
            request.Data = default;
            buffer.Free();
            GiveBack(buffer.Length);
        }
    }

    // What a connection holds beyond its own share comes out of the common budget, and goes back there first. Only the
    // connection's thread borrows, so that what it found out before the wait still holds behind it.
    private bool TryBorrow(int size, TimeSpan wait)
    {
        var more = Math.Clamp(Volatile.Read(ref _held) + size - Limits.BytesAlways, 0, size);
        if (more > 0 && !budget.TryTake(more, wait, closed))
        {
            return false;
        }

        lock (_accounts)
        {
            _held += size;
            _borrowed += more;
        }

        return true;
    }

    private void GiveBack(int size)
    {
        long back;
        lock (_accounts)
        {
            back = Math.Min(_borrowed, size);
            _borrowed -= back;
            _held -= size;
        }

        if (back > 0)
        {
            budget.Return(back);
        }
    }
}

namespace SharpNbd.Client;

/// <summary>
/// The requests of a connection by their cookies; those that are done are used again. Everything but <see cref="Find"/> is called under the
/// connection's lock.
/// </summary>
/// <param name="connection">Whose they are.</param>
/// <param name="runsInline">Whether callers go on where the reply is received.</param>
internal sealed class RequestTable(ClientConnection connection, bool runsInline)
{
    private PendingRequest[] _requests = new PendingRequest[16];
    private int _count;
    private PendingRequest? _free;

    /// <summary>There is one that was given up and whose bytes do not move.</summary>
    public bool HasStalled
    {
        get
        {
            foreach (var request in _requests.AsSpan(0, _count))
            {
                if (request.IsStalled)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>A request that nobody uses.</summary>
    public PendingRequest Take()
    {
        var request = _free ?? Add();
        _free = request.NextFree;
        request.NextFree = null;
        return request;
    }

    /// <summary>Takes one back.</summary>
    public void Return(PendingRequest request)
    {
        request.NextFree = _free;
        _free = request;
    }

    /// <summary>The one that a reply belongs to, or null. For the thread that receives, without the lock.</summary>
    public PendingRequest? Find(ulong cookie)
    {
        var requests = Volatile.Read(ref _requests);
        var index = PendingRequest.IndexOf(cookie);
        return index < (uint)requests.Length && requests[index] is { IsOpen: true } request && request.Cookie == cookie ? request : null;
    }

    /// <summary>Those that wait for their replies.</summary>
    public List<PendingRequest> Open() => [.. _requests.Take(_count).Where(request => request.IsOpen)];

    private PendingRequest Add()
    {
        if (_count == _requests.Length)
        {
            var larger = new PendingRequest[2 * _count];
            _requests.CopyTo(larger, 0);
            Volatile.Write(ref _requests, larger);
        }

        var request = new PendingRequest(connection, (uint)_count, runsInline);
        _requests[_count++] = request;
        return request;
    }
}

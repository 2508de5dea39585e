namespace SharpNbd.Viewer;

/// <summary>The latest requests of a disk.</summary>
internal sealed class RequestList
{
    public const int Capacity = 256;

    private readonly ListedRequest[] _ring = new ListedRequest[Capacity];

    /// <summary>The number of the latest request.</summary>
    public long Last { get; private set; }

    /// <summary>Adds a request that begins, and returns its number.</summary>
    public long Add(in LogLine line, long stamp)
    {
        Last++;
        _ring[Last % Capacity] = new ListedRequest
        {
            Sequence = Last,
            Connection = line.Connection,
            Id = line.Id,
            Offset = line.Offset,
            Count = line.Count,
            Begin = line.Time,
            Operation = line.Operation,
            Stamp = stamp,
        };
        return Last;
    }

    /// <summary>Notes how a request has ended, unless newer ones have taken its place.</summary>
    public void End(long sequence, RequestState state, long time, LogError error, long stamp)
    {
        ref var request = ref _ring[sequence % Capacity];
        if (request.Sequence == sequence)
        {
            (request.State, request.End, request.Error, request.Stamp) = (state, time, error, stamp);
        }
    }

    /// <summary>The request of a number that is among the latest.</summary>
    public ref readonly ListedRequest this[long sequence] => ref _ring[sequence % Capacity];

    /// <summary>The number of the oldest request that is still here.</summary>
    public long First => Math.Max(1, Last - Capacity + 1);

    public RequestList Clone()
    {
        var copy = new RequestList { Last = Last };
        _ring.CopyTo(copy._ring, 0);
        return copy;
    }
}

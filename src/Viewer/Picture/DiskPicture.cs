namespace SharpNbd.Viewer;

/// <summary>A disk at a moment: its blocks, counters and latest requests. It goes forward by one line of the log at a time.</summary>
internal sealed partial class DiskPicture
{
    /// <summary>No server has so many requests under way; a log that says so lacks lines, and the oldest are given up.</summary>
    public const int MaximumInFlight = 65_536;

    private readonly Dictionary<(long Connection, long Id), InFlight> _inFlight;
    private readonly Cell[] _cells;
    private readonly long[] _stamps;
    private readonly Counter[] _counters;
    private long _stamp = 1;

    public DiskPicture(Layout? layout)
    {
        Layout = layout;
        _cells = new Cell[layout?.Cells ?? 0];
        _stamps = new long[_cells.Length];
        _counters = new Counter[Operations.Count];
        _inFlight = [];
        Requests = new RequestList();
    }

    private DiskPicture(DiskPicture other)
    {
        Layout = other.Layout;
        _cells = [.. other._cells];
        _stamps = [.. other._stamps];
        _counters = [.. other._counters];
        _inFlight = new(other._inFlight);
        _stamp = other._stamp;
        Requests = other.Requests.Clone();
    }

    /// <summary>The layout; null until the disk's size is known.</summary>
    public Layout? Layout { get; }

    public ReadOnlySpan<Cell> Cells => _cells;

    /// <summary>For each cell the count of <see cref="TakeStamp"/> at its latest change.</summary>
    public ReadOnlySpan<long> Stamps => _stamps;

    public RequestList Requests { get; }

    public int InFlightCount => _inFlight.Count;

    /// <summary>Goes up with every change that can be seen.</summary>
    public long Changes { get; private set; }

    public Counter this[Operation operation] => _counters[(int)operation];

    public Counter Total => _counters.Aggregate((sum, counter) => sum + counter);

    /// <summary>Ends a period: what changes from now on has a stamp above the returned one, everything before has not.</summary>
    public long TakeStamp() => _stamp++;

    public DiskPicture Clone() => new(this);

    /// <summary>Goes forward by a line.</summary>
    public void Apply(in LogLine line)
    {
        switch (line.Kind)
        {
            case LineKind.Call:
                Begin(line);
                break;
            case LineKind.Return:
                End(line);
                break;
            case LineKind.Disconnect:
                Abandon(line.Connection, line.Time);
                break;
            case LineKind.Start:
                Abandon(null, line.Time);
                break;
            default:
                break;
        }
    }

    private void Begin(in LogLine line)
    {
        if (_inFlight.Count >= MaximumInFlight)
        {
            Abandon(null, line.Time);
        }

        var key = (line.Connection, line.Id);
        if (_inFlight.Remove(key, out var lost))
        {
            Release(lost, line.Time);
        }

        Changes++;
        _counters[(int)line.Operation].Requests++;
        _inFlight[key] = new InFlight(line.Operation, line.Offset, line.Count, Requests.Add(line, _stamp));
        Paint(line);
    }

    private void End(in LogLine line)
    {
        if (!_inFlight.Remove((line.Connection, line.Id), out var request))
        {
            // The log was cut off before its call line.
            return;
        }

        Changes++;
        ref var counter = ref _counters[(int)request.Operation];
        if (line.Error != LogError.None)
        {
            counter.Errors++;
        }
        else if (request.Operation is not (Operation.Extents or Operation.Flush))
        {
            counter.Bytes += request.Count;
        }

        Requests.End(request.Sequence, RequestState.Done, line.Time, line.Error, _stamp);
        Unpaint(request, line.Time, line.Error, isAnswered: true);
    }

    private void Abandon(long? connection, long time)
    {
        foreach (var (key, request) in _inFlight)
        {
            if (connection is null || key.Connection == connection)
            {
                _inFlight.Remove(key);
                Release(request, time);
            }
        }
    }

    private void Release(InFlight request, long time)
    {
        Changes++;
        Requests.End(request.Sequence, RequestState.Abandoned, time, LogError.None, _stamp);
        Unpaint(request, time, LogError.None, isAnswered: false);
    }
}

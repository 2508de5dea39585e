namespace SharpNbd.Client;

/// <summary>
/// Which bytes of a read have come. Chunks may come in any order, but none twice, and none may be missing in the end
/// ("NBD_REPLY_TYPE_OFFSET_DATA"). Those that come in order, as nearly all do, cost a comparison.
/// </summary>
internal sealed class ReadCoverage
{
    /// <summary>The most pieces with gaps between them that are kept; no server has reason to send more.</summary>
    private const int MostPieces = 4096;

    // Behind the prefix, in order, without overlaps, and with a gap in front of each.
    private readonly List<(long Start, long End)> _pieces = [];

    /// <summary>The bytes from the start without a gap.</summary>
    public long Prefix { get; private set; }

    /// <summary>Begins another read.</summary>
    public void Reset()
    {
        Prefix = 0;
        if (_pieces.Count > 0)
        {
            _pieces.Clear();
        }
    }

    /// <summary>Takes note of a chunk, which lies inside the read and is not empty.</summary>
    /// <exception cref="NbdConnectionException">Some of it has come before.</exception>
    public void Add(long start, long length)
    {
        var end = start + length;
        if (start == Prefix && (_pieces.Count == 0 || end <= _pieces[0].Start))
        {
            Prefix = end;
            Absorb();
            return;
        }

        var index = 0;
        for (var high = _pieces.Count; index < high;)
        {
            var middle = (index + high) / 2;
            (index, high) = _pieces[middle].Start < start ? (middle + 1, high) : (index, middle);
        }

        if (start <= Prefix || (index > 0 && _pieces[index - 1].End > start) || (index < _pieces.Count && _pieces[index].Start < end))
        {
            throw new NbdConnectionException("the server sent some bytes of a read twice");
        }

        Insert(index, start, end);
    }

    private void Insert(int index, long start, long end)
    {
        if (index < _pieces.Count && _pieces[index].Start == end)
        {
            end = _pieces[index].End;
            _pieces.RemoveAt(index);
        }

        if (index > 0 && _pieces[index - 1].End == start)
        {
            _pieces[index - 1] = (_pieces[index - 1].Start, end);
            return;
        }

        if (_pieces.Count == MostPieces)
        {
            throw new NbdConnectionException($"the server sent a read in more than {MostPieces} pieces with gaps between them");
        }

        _pieces.Insert(index, (start, end));
    }

    private void Absorb()
    {
        while (_pieces.Count > 0 && _pieces[0].Start == Prefix)
        {
            Prefix = _pieces[0].End;
            _pieces.RemoveAt(0);
        }
    }
}

using System.Runtime.InteropServices;

namespace SharpNbd.Abstractions;

/// <summary>
/// Collects the extents of a range, in order and without gaps. Neighbours of one kind become one. What lies before the
/// range is cut off; the last extent may reach beyond its end. A list belongs to one request at a time.
/// </summary>
public sealed class ExtentList
{
    /// <summary>
    /// The most extents that one answer takes; what is added beyond is dropped, which the protocol allows and the client
    /// asks for again.
    /// </summary>
    public const int MaximumCount = 65536;

    private readonly List<Extent> _extents = [];

    /// <summary>An empty list for a range.</summary>
    /// <param name="range">The range that was asked for.</param>
    /// <param name="firstOnly">The client wants a single extent (NBD_CMD_FLAG_REQ_ONE).</param>
    public ExtentList(ByteRange range, bool firstOnly = false) => Reset(range, firstOnly);

    /// <summary>The range that was asked for.</summary>
    public ByteRange Range { get; private set; }

    /// <summary>Only the first extent will be used: a disk may stop as soon as it knows it.</summary>
    public bool FirstOnly { get; private set; }

    /// <summary>The number of extents so far.</summary>
    public int Count => _extents.Count;

    /// <summary>The extents so far, in order, the first one beginning where the range begins.</summary>
    public ReadOnlySpan<Extent> Extents => CollectionsMarshal.AsSpan(_extents);

    /// <summary>Where the next extent has to begin: the end of the last one, or the start of the range.</summary>
    public long Next => _extents.Count == 0 ? Range.Offset : _extents[^1].End;

    /// <summary>Nothing that could be added would be used: a disk may stop.</summary>
    public bool IsComplete => Next >= Range.End || (FirstOnly && _extents.Count > 1) || _extents.Count >= MaximumCount;

    /// <summary>Empties the list for another request.</summary>
    /// <param name="range">The range that is asked for.</param>
    /// <param name="firstOnly">The client wants a single extent.</param>
    public void Reset(ByteRange range, bool firstOnly)
    {
        Range = range;
        FirstOnly = firstOnly;
        _extents.Clear();
    }

    /// <summary>Adds an extent behind the last one. An empty one, or one that ends before the range, is ignored.</summary>
    /// <param name="offset">The first byte; at most <see cref="Next"/>, for there may be no gaps.</param>
    /// <param name="length">The number of bytes, at least 0.</param>
    /// <param name="flags">What is known of all of them.</param>
    /// <exception cref="ArgumentException">The extent would leave a gap.</exception>
    public void Add(long offset, long length, ExtentFlags flags)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (IsComplete)
        {
            // What lies behind something that was dropped leaves no gap.
            return;
        }

        var next = Next;
        if (offset > next)
        {
            throw new ArgumentException($"the extent at {offset} leaves a gap behind {next}", nameof(offset));
        }

        var end = checked(offset + length);
        if (end <= next)
        {
            return;
        }

        if (_extents.Count > 0 && _extents[^1].Flags == flags)
        {
            var last = _extents[^1];
            _extents[^1] = last with { Length = end - last.Offset };
            return;
        }

        _extents.Add(new Extent(next, end - next, flags));
    }
}

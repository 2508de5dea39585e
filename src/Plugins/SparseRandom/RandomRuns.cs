namespace SharpNbd.Plugins;

/// <summary>
/// Where a sparse random disk has data. Runs of data and holes take turns; how long each is has nothing to do with the others, and
/// short ones are more frequent than long ones, as on the disk of a machine. The disk is cut into segments of some 64 runs of both
/// kinds, each computed from its own number when it is needed, so that a disk of any size takes little time and memory. Shared by all
/// connections.
/// </summary>
internal sealed class RandomRuns
{
    /// <summary>A block is all data or all hole. The unit that nbdkit has, and the largest that clients commonly use.</summary>
    public const int BlockSize = 32768;

    /// <summary>The segments whose runs are kept, about 1 KiB each: a power of two.</summary>
    private const int KeptSegments = 64;

    private const int RunsOfAKind = 64;
    private const double MostBlocks = 1L << 47;

    private readonly RandomContent _random;
    private readonly double _share;
    private readonly double _dataScale;
    private readonly double _holeScale;
    private readonly long _segmentBlocks;
    private readonly RandomSegment?[] _segments = new RandomSegment?[KeptSegments];

    /// <param name="random">Decides where the runs begin and end.</param>
    /// <param name="share">The part of the disk that is data, 0 … 1.</param>
    /// <param name="runLength">The average length of a run of data, in bytes; where the share would need holes shorter than a block, runs get longer.</param>
    public RandomRuns(RandomContent random, double share, long runLength)
    {
        // Other numbers than those of the content.
        _random = new RandomContent(random[-1]);
        _share = share;
        if (share is 0 or 1)
        {
            // A single run, which needs no numbers.
            return;
        }

        var holeLength = Math.Max(1, Math.Max(1, (double)runLength / BlockSize) * (1 - share) / share);
        var dataLength = Math.Max(1, holeLength * share / (1 - share));
        _dataScale = ScaleOf(dataLength);
        _holeScale = ScaleOf(holeLength);
        _segmentBlocks = (long)Math.Min(RunsOfAKind * (dataLength + holeLength), MostBlocks);
    }

    /// <summary>The run that holds a byte. It may end where a segment ends, though the next one goes on alike.</summary>
    public RandomRun At(long offset)
    {
        if (_share is 0 or 1)
        {
            return new RandomRun(_share == 1, long.MaxValue);
        }

        var block = offset / BlockSize;
        var segment = SegmentOf(block / _segmentBlocks);
        var start = segment.Number * _segmentBlocks;
        var (isData, end) = segment.At(block - start);

        // The last segment of the largest disk reaches beyond what a number can say.
        var last = start + end;
        return new RandomRun(isData, last > long.MaxValue / BlockSize ? long.MaxValue : last * BlockSize);
    }

    private RandomSegment SegmentOf(long number)
    {
        ref var place = ref _segments[number & (KeptSegments - 1)];
        if (Volatile.Read(ref place) is { } kept && kept.Number == number)
        {
            return kept;
        }

        // Two connections may compute the same at once; whichever stays is right.
        var segment = new RandomSegment(number, Compute(number, out var startsWithData), startsWithData);
        Volatile.Write(ref place, segment);
        return segment;
    }

    /// <summary>The ends of the runs of a segment, in blocks from its start.</summary>
    private long[] Compute(long number, out bool startsWithData)
    {
        var numbers = new RandomContent(_random[number]);
        startsWithData = Fraction(numbers[0]) < _share;
        var ends = new List<long>();
        var isData = startsWithData;
        for (var position = 0L; position < _segmentBlocks; isData = !isData)
        {
            var length = LengthOf(isData ? _dataScale : _holeScale, Fraction(numbers[1 + ends.Count]));
            position = length < _segmentBlocks - position ? position + (long)length : _segmentBlocks;
            ends.Add(position);
        }

        return [.. ends];
    }

    /// <summary>
    /// What turns a random number into a length of this average: lengths are distributed as the tries until something happens that does so
    /// once in that many.
    /// </summary>
    private static double ScaleOf(double average) => average switch
    {
        <= 1 => 0,
        < 1e6 => -1 / Math.Log(1 - (1 / average)),

        // What the logarithm approaches; 1 - 1/average would soon be 1.
        _ => average - 0.5,
    };

    /// <summary>A whole number of blocks, at least 1.</summary>
    private static double LengthOf(double scale, double fraction) => 1 + Math.Floor(-Math.Log(1 - fraction) * scale);

    /// <summary>A number from 0 to below 1.</summary>
    private static double Fraction(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));
}

namespace SharpNbd.Plugins;

/// <summary>A part of the data as it was written. All names in it are resolved: what it gives depends on nothing else.</summary>
internal abstract class DataExpression
{
    /// <summary>How deep expressions may be nested. Each level takes some stack.</summary>
    public const int DeepestNesting = 400;

    private DataPiece? _known;
    private long _knownLimit;

    /// <summary>Where it stands.</summary>
    protected DataPlace Place { get; }

    /// <summary>The levels of expressions within it.</summary>
    protected int Depth { get; }

    /// <param name="place">Where it stands.</param>
    /// <param name="depth">The levels of expressions within it.</param>
    /// <exception cref="DataException">The levels are too many.</exception>
    protected DataExpression(DataPlace place, int depth)
    {
        Place = place;
        Depth = depth;
        if (depth > DeepestNesting)
        {
            throw new DataException(place, $"the data is nested more than {DeepestNesting} levels deep");
        }
    }

    /// <summary>The bytes that it stands for. Those of an expression that is used several times are found once.</summary>
    /// <param name="limit">
    /// How many of the first bytes matter. There may be more or, when the end was not looked for, any number of them that is not less.
    /// </param>
    /// <exception cref="DataException">A file or script fails, a slice has the wrong bounds, or it is all too large.</exception>
    public DataPiece Evaluate(long limit)
    {
        if (_known is null || _knownLimit < limit)
        {
            _known = Find(limit);
            _knownLimit = limit;
        }

        return _known;
    }

    /// <summary>As <see cref="Evaluate"/>, anew.</summary>
    protected abstract DataPiece Find(long limit);

    /// <summary>For <see cref="Depth"/> of expressions that contain others.</summary>
    protected static int DepthAround(DataExpression inner) => inner.Depth + 1;

    /// <summary>The end of bytes somewhere.</summary>
    /// <exception cref="DataException">It is beyond 2^63-1.</exception>
    protected static long End(DataPlace place, long offset, long length)
        => length <= long.MaxValue - offset ? offset + length : throw new DataException(place, "the data is larger than 2^63-1 bytes");
}

namespace SharpNbd.Plugins;

/// <summary><c>EXPRESSION[START:END]</c>.</summary>
internal sealed class SliceExpression(DataPlace place, DataExpression inner, long start, long? end)
    : DataExpression(place, DepthAround(inner))
{
    /// <inheritdoc/>
    protected override DataPiece Find(long limit)
    {
        var needed = Math.Min(end ?? long.MaxValue, start + Math.Min(limit, long.MaxValue - start));
        var piece = inner.Evaluate(needed);
        if (start > (end ?? piece.Length) || (end is not null && piece.Length < needed))
        {
            throw new DataException(Place, $"the slice [{start}:{end}] does not lie within the {piece.Length} byte{(piece.Length == 1 ? "" : "s")} in front of it");
        }

        var length = Math.Min(end ?? long.MaxValue, piece.Length) - start;
        return start == 0 && length == piece.Length ? piece : DataPiece.Fold(new SlicePiece(piece, start, length));
    }
}

namespace SharpNbd.Plugins;

/// <summary><c>EXPRESSION*N</c>.</summary>
internal sealed class RepeatExpression(DataPlace place, DataExpression inner, long times) : DataExpression(place, DepthAround(inner))
{
    /// <inheritdoc/>
    protected override DataPiece Find(long limit)
    {
        var piece = inner.Evaluate(limit);
        if (piece.Length == 0 || times == 0)
        {
            return BytesPiece.Empty;
        }

        if (piece.Length > long.MaxValue / times)
        {
            throw new DataException(Place, "the data is larger than 2^63-1 bytes");
        }

        return times == 1 ? piece
            : piece is ZeroPiece or BytesPiece { IsZero: true } ? new ZeroPiece(piece.Length * times)
            : DataPiece.Fold(new RepeatPiece(piece, times));
    }
}

namespace SharpNbd.Plugins;

/// <summary>Pieces at their offsets, later ones over earlier ones, and zeroes between them.</summary>
internal sealed class SequencePiece(IReadOnlyList<(long Offset, DataPiece Piece)> parts, long length) : DataPiece(length)
{
    /// <inheritdoc/>
    public override long Cost { get; } = parts.Aggregate(0L, (sum, part) => sum + Math.Min(part.Piece.Cost, long.MaxValue - sum));

    /// <inheritdoc/>
    public override void Render(IDataTarget target, long at, long start, long count)
    {
        target.Zero(at, count);
        foreach (var (offset, piece) in parts)
        {
            var from = Math.Max(offset, start);
            var to = Math.Min(offset + piece.Length, start + count);
            if (from < to)
            {
                piece.Render(target, at + from - start, from - offset, to - from);
            }
        }
    }
}

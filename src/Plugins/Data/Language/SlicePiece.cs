namespace SharpNbd.Plugins;

/// <summary>A part of a piece.</summary>
internal sealed class SlicePiece(DataPiece inner, long first, long length) : DataPiece(length)
{
    /// <inheritdoc/>
    public override long Cost => Math.Min(inner.Cost, Math.Max(Page, Length));

    /// <inheritdoc/>
    public override void Render(IDataTarget target, long at, long start, long count) => inner.Render(target, at, first + start, count);
}

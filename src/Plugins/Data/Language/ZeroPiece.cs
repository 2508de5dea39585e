namespace SharpNbd.Plugins;

/// <summary>Zeroes.</summary>
internal sealed class ZeroPiece(long length) : DataPiece(length)
{
    /// <inheritdoc/>
    public override long Cost => 0;

    /// <inheritdoc/>
    public override void Render(IDataTarget target, long at, long start, long count) => target.Zero(at, count);
}

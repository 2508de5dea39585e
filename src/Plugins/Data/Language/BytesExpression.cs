namespace SharpNbd.Plugins;

/// <summary>A byte, a word or a string.</summary>
internal sealed class BytesExpression(DataPlace place, byte[] bytes) : DataExpression(place, depth: 1)
{
    /// <inheritdoc/>
    protected override DataPiece Find(long limit) => new BytesPiece(bytes);
}

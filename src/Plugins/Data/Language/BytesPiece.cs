namespace SharpNbd.Plugins;

/// <summary>Plain bytes.</summary>
internal sealed class BytesPiece(byte[] bytes) : DataPiece(bytes.Length)
{
    /// <summary>No bytes.</summary>
    public static BytesPiece Empty { get; } = new([]);

    public ReadOnlySpan<byte> Bytes => bytes;

    public bool IsZero => !Bytes.ContainsAnyExcept((byte)0);

    /// <inheritdoc/>
    public override long Cost => Math.Max(Page, Length);

    /// <inheritdoc/>
    public override void Render(IDataTarget target, long at, long start, long count)
        => target.Write(at, bytes.AsSpan((int)start, (int)count));
}

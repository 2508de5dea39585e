namespace SharpNbd.Plugins;

/// <summary>Bytes of known number that are made when they are wanted, so that a large disk of little content costs little.</summary>
/// <param name="length">How many there are.</param>
internal abstract class DataPiece(long length)
{
    /// <summary>Pieces up to this length become plain bytes.</summary>
    public const int LongestFold = 65536;

    /// <summary>A page of memory, which the smallest piece takes.</summary>
    protected const int Page = 4096;

    /// <summary>The number of bytes.</summary>
    public long Length { get; } = length;

    /// <summary>How many bytes of memory they will take on a disk; an estimate that is not too low, up to 2^63-1.</summary>
    public abstract long Cost { get; }

    /// <summary>Makes some of the bytes.</summary>
    /// <param name="target">Where they go.</param>
    /// <param name="at">The place there of the first of them.</param>
    /// <param name="start">The first byte of this piece that is wanted.</param>
    /// <param name="count">How many are wanted.</param>
    public abstract void Render(IDataTarget target, long at, long start, long count);

    /// <summary>The same bytes in the simplest form.</summary>
    public static DataPiece Fold(DataPiece piece)
    {
        if (piece.Length > LongestFold)
        {
            return piece;
        }

        var bytes = new byte[piece.Length];
        piece.Render(new ArrayTarget(bytes), 0, 0, bytes.Length);
        return bytes.AsSpan().ContainsAnyExcept((byte)0) ? new BytesPiece(bytes) : new ZeroPiece(bytes.Length);
    }
}

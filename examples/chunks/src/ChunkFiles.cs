using SharpNbd.Abstractions;

/// <summary>The chunk files: one that is not there is all zeroes, and so is what a short one lacks.</summary>
internal sealed class ChunkFiles(string directory, int chunkSize)
{
    // Chunks that were written since the last flush.
    private readonly HashSet<long> _unflushed = [];
    private bool _flushHasFailed;

    /// <summary>Cuts a range at the borders of chunks.</summary>
    public IEnumerable<ChunkPiece> Pieces(ByteRange range)
    {
        for (var offset = range.Offset; offset < range.End;)
        {
            var (chunk, inChunk) = Math.DivRem(offset, chunkSize);
            var piece = new ChunkPiece(chunk, (int)inChunk, (int)Math.Min(chunkSize - inChunk, range.End - offset));
            yield return piece;
            offset += piece.Length;
        }
    }

    /// <summary>The piece is all of its chunk.</summary>
    public bool IsWhole(ChunkPiece piece) => piece.Length == chunkSize;

    /// <summary>The chunk has a file.</summary>
    public bool Exists(long chunk) => File.Exists(PathOf(chunk));

    /// <summary>Reads a piece.</summary>
    public async ValueTask ReadAsync(ChunkPiece piece, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (Exists(piece.Chunk))
        {
            using var file = File.OpenHandle(PathOf(piece.Chunk), options: FileOptions.Asynchronous);
            long offset = piece.Offset;
            while (buffer.Length > 0 && await RandomAccess.ReadAsync(file, buffer, offset, cancellationToken) is > 0 and var count)
            {
                buffer = buffer[count..];
                offset += count;
            }
        }

        buffer.Span.Clear();
    }

    /// <summary>Writes a piece.</summary>
    public async ValueTask WriteAsync(ChunkPiece piece, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        _unflushed.Add(piece.Chunk);
        using var file = File.OpenHandle(PathOf(piece.Chunk), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous);
        await RandomAccess.WriteAsync(file, data, piece.Offset, cancellationToken);
    }

    /// <summary>Removes a chunk.</summary>
    public void Remove(long chunk)
    {
        _unflushed.Remove(chunk);
        File.Delete(PathOf(chunk));
    }

    /// <summary>Returns when all that was written is on stable storage. The name of a new file goes there with it, on the file systems of Linux.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        // The system forgets what it could not write, so that a second attempt would succeed without it.
        if (_flushHasFailed)
        {
            throw new NbdException(NbdError.EIO, "an earlier flush has failed, and what was written before may be lost");
        }

        try
        {
            // This takes as long as the storage takes, and the caller's thread has other requests to see to.
            await Task.Run(FlushFiles, cancellationToken);
        }
        catch (IOException)
        {
            _flushHasFailed = true;
            throw;
        }
    }

    private void FlushFiles()
    {
        foreach (var chunk in _unflushed)
        {
            using var file = File.OpenHandle(PathOf(chunk), FileMode.Open, FileAccess.Write, FileShare.Read);
            RandomAccess.FlushToDisk(file);
        }

        _unflushed.Clear();
    }

    private string PathOf(long chunk) => Path.Combine(directory, $"{chunk:d8}.chunk");
}

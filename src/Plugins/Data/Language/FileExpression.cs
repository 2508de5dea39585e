namespace SharpNbd.Plugins;

/// <summary><c>&lt;FILE</c>: the content of a file.</summary>
internal sealed class FileExpression(DataPlace place, string path) : DataExpression(place, depth: 1)
{
    /// <inheritdoc/>
    protected override DataPiece Find(long limit)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);

            // A device or a pipe, or one of the files that the kernel makes up as they are read, has no length.
            return stream is { CanSeek: true, Length: > 0 and var length }
                ? new FilePiece(Place, path, length)
                : new BytesPiece(DataStream.Read(stream, limit, Place).Bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(Place, e.Message);
        }
    }
}

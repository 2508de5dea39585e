namespace SharpNbd.Plugins;

/// <summary>A file, read when its bytes are wanted.</summary>
internal sealed class FilePiece(DataPlace place, string path, long length) : DataPiece(length)
{
    /// <inheritdoc/>
    public override long Cost => Math.Max(Page, Length);

    /// <inheritdoc/>
    public override void Render(IDataTarget target, long at, long start, long count)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var buffer = new byte[LongestFold];
            while (count > 0)
            {
                var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, count));
                var read = RandomAccess.Read(file, part, start);
                if (read == 0)
                {
                    throw new DataException(place, $"{path} has become shorter while it was read");
                }

                part = part[..read];
                if (part.ContainsAnyExcept((byte)0))
                {
                    target.Write(at, part);
                }
                else
                {
                    target.Zero(at, read);
                }

                at += read;
                start += read;
                count -= read;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(place, e.Message);
        }
    }
}

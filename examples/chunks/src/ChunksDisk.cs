using SharpNbd.Abstractions;

/// <summary>What one connection has. The server has checked that every request lies inside the disk.</summary>
internal sealed class ChunksDisk(ChunkFiles files, long size, bool canWrite) : Disk
{
    public override long Size => size;

    public override DiskCapabilities Capabilities { get; } = new()
    {
        CanWrite = canWrite,
        CanFlush = true,
        CanTrim = canWrite,
        CanExtents = true,

        // A flush of one connection is one of what all have written.
        CanMultiConn = true,
    };

    public override async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        foreach (var piece in files.Pieces(new ByteRange(offset, buffer.Length)))
        {
            await files.ReadAsync(piece, buffer[..piece.Length], cancellationToken);
            buffer = buffer[piece.Length..];
        }
    }

    public override async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        foreach (var piece in files.Pieces(new ByteRange(offset, data.Length)))
        {
            await files.WriteAsync(piece, data[..piece.Length], cancellationToken);
            data = data[piece.Length..];
        }
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken) => files.FlushAsync(cancellationToken);

    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
    {
        foreach (var piece in files.Pieces(range).Where(files.IsWhole))
        {
            files.Remove(piece.Chunk);
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        foreach (var piece in files.Pieces(range).TakeWhile(_ => !extents.IsComplete))
        {
            extents.Add(range.Offset, piece.Length, files.Exists(piece.Chunk) ? ExtentFlags.Data : ExtentFlags.Hole | ExtentFlags.Zero);
            range = new ByteRange(range.Offset + piece.Length, range.Length - piece.Length);
        }

        return ValueTask.CompletedTask;
    }
}

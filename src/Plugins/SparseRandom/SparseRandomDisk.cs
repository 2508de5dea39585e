using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Computes what is read, and checks that what is written is the same.</summary>
internal sealed class SparseRandomDisk(long size, SparseRandomContent content) : Disk
{
    private static readonly DiskCapabilities Offered = new()
    {
        CanWrite = true,
        CanFlush = true,
        CanTrim = true,
        CanExtents = true,
        CanMultiConn = true,
        Zero = Support.Native,
        Cache = Support.Native,
    };

    /// <summary>What its calls serve, for <c>--dump-plugin</c>.</summary>
    public const DiskOperations Operations = DiskOperations.Write | DiskOperations.Flush | DiskOperations.Trim | DiskOperations.Zero
        | DiskOperations.Extents | DiskOperations.MultiConn;

    /// <inheritdoc/>
    public override long Size => size;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities => Offered;

    /// <inheritdoc/>
    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var rest = buffer.Span; !rest.IsEmpty;)
        {
            var run = content.RunAt(offset);
            var length = (int)Math.Min(run.End - offset, rest.Length);
            if (run.IsData)
            {
                content.FillData(offset, rest[..length]);
            }
            else
            {
                rest[..length].Clear();
            }

            offset += length;
            rest = rest[length..];
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        for (var rest = data.Span; !rest.IsEmpty;)
        {
            var run = content.RunAt(offset);
            var length = (int)Math.Min(run.End - offset, rest.Length);
            var matches = run.IsData ? content.MatchesData(offset, rest[..length]) : !rest[..length].ContainsAnyExcept((byte)0);
            if (!matches)
            {
                throw new NbdException(NbdError.EIO, "what was written is not what the disk holds there");
            }

            offset += length;
            rest = rest[length..];
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken) => CheckHole(range);

    /// <inheritdoc/>
    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken) => CheckHole(range);

    /// <inheritdoc/>
    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        while (!extents.IsComplete)
        {
            var run = content.RunAt(extents.Next);
            extents.Add(extents.Next, Math.Min(run.End, size) - extents.Next, run.IsData ? ExtentFlags.Data : ExtentFlags.Hole | ExtentFlags.Zero);
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask CheckHole(ByteRange range)
    {
        for (var offset = range.Offset; offset < range.End;)
        {
            var run = content.RunAt(offset);
            if (run.IsData)
            {
                throw new NbdException(NbdError.EIO, "what was to be trimmed or zeroed is data");
            }

            offset = run.End;
        }

        return ValueTask.CompletedTask;
    }
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A connection to a store. Every call is done when it returns.</summary>
/// <param name="store">The store, owned by the source.</param>
internal sealed class StoreDisk(ByteStore store) : Disk
{
    private static readonly DiskCapabilities Offered = new()
    {
        CanWrite = true,
        CanFlush = true,
        CanTrim = true,
        CanFastZero = true,
        CanExtents = true,
        CanMultiConn = true,
        Zero = Support.Native,
        Fua = Support.Native,     // nothing is more stable than the memory it is in
        Cache = Support.Native,   // and nothing nearer
        BlockSize = new BlockSize(1, 4096, 64 << 20),
    };

    /// <summary>What its calls serve, for <c>--dump-plugin</c>.</summary>
    public const DiskOperations Operations = DiskOperations.Write | DiskOperations.Flush | DiskOperations.Trim | DiskOperations.Zero
        | DiskOperations.Extents | DiskOperations.MultiConn;

    /// <inheritdoc/>
    public override long Size => store.Size;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities => Offered;

    /// <inheritdoc/>
    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        store.Read(offset, buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override bool TryLend(long offset, int length, out LentMemory memory) => store.TryLend(offset, length, out memory);

    /// <inheritdoc/>
    public override bool TryLendPieces(long offset, int length, LentPieces pieces) => store.TryLendPieces(offset, length, pieces);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        store.Write(offset, data.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
    {
        store.Zero(range, release: true);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        store.Zero(range, release: (flags & ZeroFlags.MayTrim) != 0);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        store.AddExtents(range, extents);
        return ValueTask.CompletedTask;
    }
}

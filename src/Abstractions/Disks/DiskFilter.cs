namespace SharpNbd.Abstractions;

/// <summary>
/// A disk in front of another one. Everything passes through unchanged and un-awaited; a filter overrides what it changes.
/// </summary>
/// <param name="inner">The next disk towards the plugin; closed with this one.</param>
public abstract class DiskFilter(Disk inner) : Disk
{
    /// <summary>The next disk towards the plugin.</summary>
    protected Disk Inner { get; } = inner;

    /// <inheritdoc/>
    public override long Size => Inner.Size;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities => Inner.Capabilities;

    /// <inheritdoc/>
    public override string? Description => Inner.Description;

    /// <inheritdoc/>
    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => Inner.ReadAsync(offset, buffer, cancellationToken);

    /// <summary>
    /// Whether reads reach the inner disk with nothing added, changed, counted or delayed. If so, memory that the inner disk lends is
    /// sent without this filter seeing the read; if not, every read comes through <see cref="ReadAsync"/>. To be stated by every
    /// filter, because forgetting it would cost a third of the speed or leave the filter out.
    /// </summary>
    protected abstract bool PassesReads { get; }

    /// <inheritdoc/>
    public override bool TryLend(long offset, int length, out LentMemory memory)
    {
        if (PassesReads)
        {
            return Inner.TryLend(offset, length, out memory);
        }

        memory = default;
        return false;
    }

    /// <inheritdoc/>
    public override bool TryLendPieces(long offset, int length, LentPieces pieces)
        => PassesReads && Inner.TryLendPieces(offset, length, pieces);

    /// <inheritdoc/>
    public override bool ReadsAreDirect => PassesReads && Inner.ReadsAreDirect;

    /// <inheritdoc/>
    public override int Splice(long offset, int length, int pipe) => PassesReads ? Inner.Splice(offset, length, pipe) : 0;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => Inner.WriteAsync(offset, data, flags, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellationToken) => Inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
        => Inner.TrimAsync(range, flags, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
        => Inner.ZeroAsync(range, flags, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
        => Inner.CacheAsync(range, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
        => Inner.GetExtentsAsync(range, extents, cancellationToken);

    /// <inheritdoc/>
    public override void EndBatch() => Inner.EndBatch();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => Inner.DisposeAsync();
}

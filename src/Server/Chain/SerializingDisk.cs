using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>A disk whose calls wait for their turn.</summary>
/// <param name="inner">The disk.</param>
/// <param name="calls">Where calls wait; may be shared with other disks.</param>
/// <param name="connection">The turn among connections that ends when the disk is closed, or null.</param>
internal sealed class SerializingDisk(Disk inner, Turnstile calls, Turnstile.Turn? connection) : DiskFilter(inner)
{
    /// <summary>Lending is a call as well, and would not wait for its turn.</summary>
    protected override bool PassesReads => false;

    /// <inheritdoc/>
    public override async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var turn = await calls.EnterAsync(cancellationToken);
        await Inner.ReadAsync(offset, buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        using var turn = await calls.EnterAsync(cancellationToken);
        await Inner.WriteAsync(offset, data, flags, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        using var turn = await calls.EnterAsync(cancellationToken);
        await Inner.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
    {
        using var turn = await calls.EnterAsync(cancellationToken);
        await Inner.TrimAsync(range, flags, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        using var turn = await calls.EnterAsync(cancellationToken);
        await Inner.ZeroAsync(range, flags, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
    {
        using var turn = await calls.EnterAsync(cancellationToken);
        await Inner.CacheAsync(range, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        using var turn = await calls.EnterAsync(cancellationToken);
        await Inner.GetExtentsAsync(range, extents, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            using var turn = await calls.EnterAsync(CancellationToken.None);
            await Inner.DisposeAsync();
        }
        finally
        {
            connection?.Dispose();
        }
    }
}

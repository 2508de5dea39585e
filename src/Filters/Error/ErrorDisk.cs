using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal sealed class ErrorDisk(Disk inner, ErrorInjectors injectors) : DiskFilter(inner)
{
    protected override bool PassesReads => injectors.Read is null;

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        injectors.Read?.ThrowIfDue();
        return Inner.ReadAsync(offset, buffer, cancellationToken);
    }

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        injectors.Write?.ThrowIfDue();
        return Inner.WriteAsync(offset, data, flags, cancellationToken);
    }

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        injectors.Flush?.ThrowIfDue();
        return Inner.FlushAsync(cancellationToken);
    }

    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
    {
        injectors.Trim?.ThrowIfDue();
        return Inner.TrimAsync(range, flags, cancellationToken);
    }

    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        injectors.Zero?.ThrowIfDue();
        return Inner.ZeroAsync(range, flags, cancellationToken);
    }

    public override ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
    {
        injectors.Cache?.ThrowIfDue();
        return Inner.CacheAsync(range, cancellationToken);
    }

    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        injectors.Extents?.ThrowIfDue();
        return Inner.GetExtentsAsync(range, extents, cancellationToken);
    }
}

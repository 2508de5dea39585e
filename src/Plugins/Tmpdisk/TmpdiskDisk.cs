using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk that nobody sees but its connection, and that does not outlive it: there is nothing to make stable.</summary>
internal sealed class TmpdiskDisk : DiskFilter
{
    public TmpdiskDisk(FileDisk inner)
        : base(inner)
        => Capabilities = inner.Capabilities with { CanMultiConn = false };

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities { get; }

    /// <inheritdoc/>
    protected override bool PassesReads => true;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => Inner.WriteAsync(offset, data, flags & ~WriteFlags.Fua, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
        => Inner.TrimAsync(range, flags & ~WriteFlags.Fua, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
        => Inner.ZeroAsync(range, flags & ~ZeroFlags.Fua, cancellationToken);
}

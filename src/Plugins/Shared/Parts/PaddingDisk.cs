using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Zeroes between the files of a disk. Only zeroes can be written there.</summary>
/// <param name="size">How many.</param>
internal sealed class PaddingDisk(long size) : Disk
{
    private static readonly DiskCapabilities Offered = new() { CanExtents = true };

    public override long Size => size;

    public override DiskCapabilities Capabilities => Offered;

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer.Span.Clear();
        return ValueTask.CompletedTask;
    }

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => !data.Span.ContainsAnyExcept((byte)0) ? ValueTask.CompletedTask
            : throw new NbdException(NbdError.EIO, "between the partitions is nothing that can be written");

    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        extents.Add(range.Offset, range.Length, ExtentFlags.Hole | ExtentFlags.Zero);
        return ValueTask.CompletedTask;
    }
}

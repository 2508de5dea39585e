using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Reads as zeroes and refuses every change as a thin disk does whose host has run out of space.</summary>
internal sealed class FullDisk(long size) : Disk
{
    // Zeroes are left to the emulation, whose writes fail like any other. A fast zero is refused as one that would not be fast.
    private static readonly DiskCapabilities Offered = new()
    {
        CanWrite = true,
        CanTrim = true,
        CanExtents = true,
        CanMultiConn = true,
        Cache = Support.Native,
    };

    /// <summary>What its calls serve, for <c>--dump-plugin</c>.</summary>
    public const DiskOperations Operations
        = DiskOperations.Write | DiskOperations.Trim | DiskOperations.Extents | DiskOperations.MultiConn;

    /// <inheritdoc/>
    public override long Size => size;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities => Offered;

    /// <inheritdoc/>
    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer.Span.Clear();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => throw NoSpace();

    /// <inheritdoc/>
    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken) => throw NoSpace();

    /// <inheritdoc/>
    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        extents.Add(range.Offset, range.Length, ExtentFlags.Hole | ExtentFlags.Zero);
        return ValueTask.CompletedTask;
    }

    // That it fails is what it is for, so it is no news for the log.
    private static NbdException NoSpace() => new(NbdError.ENOSPC, "the disk is full") { IsLogged = true };
}

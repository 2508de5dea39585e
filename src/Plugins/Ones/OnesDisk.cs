using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Reads as one byte repeated and does nothing with what is written. All of it is allocated.</summary>
internal sealed class OnesDisk(long size, byte value) : Disk
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
        Fua = Support.Native,
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
        buffer.Span.Fill(value);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

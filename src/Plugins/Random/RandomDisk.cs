using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Computes random data as they are read, and checks that what is written is the same.</summary>
internal sealed class RandomDisk(long size, ulong seed) : Disk
{
    private static readonly DiskCapabilities Offered = new()
    {
        CanWrite = true,
        CanTrim = true,
        CanMultiConn = true,
        Zero = Support.Native,
        Cache = Support.Native,
    };

    /// <summary>What its calls serve, for <c>--dump-plugin</c>.</summary>
    public const DiskOperations Operations = DiskOperations.Write | DiskOperations.Trim | DiskOperations.Zero | DiskOperations.MultiConn;

    private readonly RandomContent _content = new(seed);

    /// <inheritdoc/>
    public override long Size => size;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities => Offered;

    /// <inheritdoc/>
    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _content.Fill(offset, buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => _content.Matches(offset, data.Span) ? ValueTask.CompletedTask
            : throw new NbdException(NbdError.EIO, "what was written is not what the disk holds there");

    /// <inheritdoc/>
    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken) => throw NotZero();

    /// <inheritdoc/>
    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken) => throw NotZero();

    private static NbdException NotZero() => new(NbdError.EIO, "a random disk has nothing to trim or zero");
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// Bytes between the files of a disk that never change, such as a partition table. Writing what they are already is allowed, for programs
/// copy whole disks.
/// </summary>
/// <param name="content">The bytes.</param>
/// <param name="what">What messages call them.</param>
internal sealed class FixedDisk(byte[] content, string what) : Disk
{
    private static readonly DiskCapabilities Offered = new();

    public override long Size => content.Length;

    public override DiskCapabilities Capabilities => Offered;

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        content.AsSpan((int)offset, buffer.Length).CopyTo(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => content.AsSpan((int)offset, data.Length).SequenceEqual(data.Span) ? ValueTask.CompletedTask
            : throw new NbdException(NbdError.EIO, $"{what} cannot be changed");
}

using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// A time as it is when it is read: 8 bytes of seconds and 4 of microseconds, both big-endian. A read of all 12 bytes at once sees one
/// moment.
/// </summary>
/// <param name="clock">The time.</param>
internal sealed class ClockDisk(Func<TimeSpan> clock) : Disk
{
    private const int Length = sizeof(long) + sizeof(int);

    private static readonly DiskCapabilities Offered = new() { Cache = Support.Native };

    /// <inheritdoc/>
    public override long Size => Length;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities => Offered;

    /// <inheritdoc/>
    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var now = clock();
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.Ticks / TimeSpan.TicksPerSecond);
        BinaryPrimitives.WriteInt32BigEndian(bytes[sizeof(long)..], (int)(now.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        bytes.Slice((int)offset, buffer.Length).CopyTo(buffer.Span);
        return ValueTask.CompletedTask;
    }
}

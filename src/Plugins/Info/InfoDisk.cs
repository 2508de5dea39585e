using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A few bytes that are known when the disk is opened.</summary>
/// <param name="content">The bytes.</param>
/// <param name="isShared">Whether another connection that opens the same export sees the same.</param>
internal sealed class InfoDisk(byte[] content, bool isShared) : Disk
{
    /// <inheritdoc/>
    public override long Size => content.Length;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities { get; } = new() { CanMultiConn = isShared, Cache = Support.Native };

    /// <inheritdoc/>
    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        content.AsSpan((int)offset, buffer.Length).CopyTo(buffer.Span);
        return ValueTask.CompletedTask;
    }
}

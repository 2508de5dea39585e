using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Has no bytes, so nothing is ever asked of it.</summary>
internal sealed class ZeroDisk : Disk
{
    private static readonly DiskCapabilities Offered = new() { CanMultiConn = true, Cache = Support.Native };

    /// <inheritdoc/>
    public override long Size => 0;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities => Offered;

    /// <inheritdoc/>
    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

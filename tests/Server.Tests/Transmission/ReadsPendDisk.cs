using SharpNbd.Abstractions;

namespace SharpNbd.Server.Tests;

/// <summary>Answers everything at once but reads, which another disk answers.</summary>
internal sealed class ReadsPendDisk(Disk reads) : Disk
{
    public override long Size => reads.Size;

    public override DiskCapabilities Capabilities => reads.Capabilities;

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => reads.ReadAsync(offset, buffer, cancellationToken);

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => ValueTask.CompletedTask;
}

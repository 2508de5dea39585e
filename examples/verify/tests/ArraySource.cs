using SharpNbd.Abstractions;

/// <summary>Disks of an array, which the test changes behind their back.</summary>
internal sealed class ArraySource(byte[] content) : DiskSource
{
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new ArrayDisk(content));

    private sealed class ArrayDisk(byte[] content) : Disk
    {
        public override long Size => content.Length;

        public override DiskCapabilities Capabilities { get; } = new() { CanWrite = true, CanExtents = true };

        public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            content.AsMemory((int)offset, buffer.Length).CopyTo(buffer);
            return ValueTask.CompletedTask;
        }
    }
}

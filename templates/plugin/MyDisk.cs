using SharpNbd.Abstractions;

public sealed record OwnDiskOptions
{
    [Parameter("size", "Size of the disk, for example 100M.", IsMagic = true)]
    public required ByteSize Size { get; init; }
}

public sealed class OwnDiskPlugin : Plugin<OwnDiskOptions>
{
    public override string Name => "NAME-OF-THE-COMPONENT";

    public override string Summary => "Disk in one array";

    public override DiskOperations Operations => DiskOperations.Write | DiskOperations.MultiConn;

    protected override ValueTask<DiskSource> CreateAsync(OwnDiskOptions options, ComponentContext context, CancellationToken cancellationToken)
        => options.Size.Value <= Array.MaxLength
            ? new(new OwnDiskSource(new byte[options.Size.Value]))
            : throw new ParameterException($"size={options.Size}: an array has at most {Array.MaxLength} bytes");
}

// What all connections share.
internal sealed class OwnDiskSource(byte[] content) : DiskSource
{
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken) => new(new OwnDisk(content));
}

// What one connection has. The server has checked that every request lies inside the disk.
internal sealed class OwnDisk(byte[] content) : Disk
{
    public override long Size => content.Length;

    public override DiskCapabilities Capabilities { get; } = new() { CanWrite = true, CanMultiConn = true };

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        content.AsMemory((int)offset, buffer.Length).CopyTo(buffer);
        return ValueTask.CompletedTask;
    }

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        data.CopyTo(content.AsMemory((int)offset));
        return ValueTask.CompletedTask;
    }
}

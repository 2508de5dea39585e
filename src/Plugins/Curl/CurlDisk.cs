using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The resource as one client has opened it.</summary>
internal sealed class CurlDisk(WebResource resource, RangeReader reader, TransferQueue transfers, bool isReadOnly, CookieStore cookies) : Disk
{
    public override long Size => resource.Facts.Size;

    public override DiskCapabilities Capabilities { get; } = new()
    {
        CanWrite = !isReadOnly,

        // Only what nobody writes: whether a server shows at once and everywhere what it was sent, nobody knows.
        CanMultiConn = isReadOnly,
    };

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => reader.ReadAsync(offset, buffer, cancellationToken);

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        var write = new WriteTransfer(() => resource.WriteAsync(offset, data, cancellationToken));
        transfers.Add(write);
        return new ValueTask(write.Done);
    }

    public override async ValueTask DisposeAsync()
    {
        await reader.DisposeAsync();
        cookies.Save();
    }
}

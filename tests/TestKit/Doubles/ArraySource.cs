using System.Runtime.InteropServices;
using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>A source of plain disks over one array, which all connections share. It counts what is opened and closed.</summary>
/// <param name="content">What the disks hold; written in place.</param>
public sealed class ArraySource(byte[] content) : DiskSource
{
    // Pinned, so that it can be lent.
    private GCHandle _pin = GCHandle.Alloc(content, GCHandleType.Pinned);
    private int _open;
    private int _closed;

    /// <summary>What the disks hold.</summary>
    public byte[] Content { get; } = content;

    /// <summary>What the disks can do.</summary>
    public DiskCapabilities OfferedCapabilities { get; init; } = RecordingDisk.Everything;

    /// <summary>The number of disks that are open now.</summary>
    public int OpenCount => Volatile.Read(ref _open);

    /// <summary>How often the source was closed.</summary>
    public int CloseCount => Volatile.Read(ref _closed);

    /// <inheritdoc/>
    public override ValueTask<Disk> OpenAsync(OpenRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _open);
        return new(new ArrayDisk(this));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref _closed);
        _pin.Free();
        return ValueTask.CompletedTask;
    }

    internal LentMemory Lend(long offset, int length) => new(_pin.AddrOfPinnedObject() + (nint)offset, length);

    internal void Closed() => Interlocked.Decrement(ref _open);
}

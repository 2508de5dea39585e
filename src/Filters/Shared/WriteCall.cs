using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal readonly struct WriteCall(long offset, ReadOnlyMemory<byte> data, WriteFlags flags) : IDiskCall
{
    public ValueTask InvokeAsync(Disk disk, CancellationToken cancellationToken)
        => disk.WriteAsync(offset, data, flags, cancellationToken);
}

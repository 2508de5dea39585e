using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal readonly struct TrimCall(ByteRange range, WriteFlags flags) : IDiskCall
{
    public ValueTask InvokeAsync(Disk disk, CancellationToken cancellationToken)
        => disk.TrimAsync(range, flags, cancellationToken);
}

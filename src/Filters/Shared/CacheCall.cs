using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal readonly struct CacheCall(ByteRange range) : IDiskCall
{
    public ValueTask InvokeAsync(Disk disk, CancellationToken cancellationToken)
        => disk.CacheAsync(range, cancellationToken);
}

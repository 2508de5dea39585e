using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal readonly struct ZeroCall(ByteRange range, ZeroFlags flags) : IDiskCall
{
    public ValueTask InvokeAsync(Disk disk, CancellationToken cancellationToken)
        => disk.ZeroAsync(range, flags, cancellationToken);
}

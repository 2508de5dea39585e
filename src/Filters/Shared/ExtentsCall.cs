using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal readonly struct ExtentsCall(ByteRange range, ExtentList extents) : IDiskCall
{
    public ValueTask InvokeAsync(Disk disk, CancellationToken cancellationToken)
        => disk.GetExtentsAsync(range, extents, cancellationToken);
}

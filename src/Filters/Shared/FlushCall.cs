using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal readonly struct FlushCall : IDiskCall
{
    public ValueTask InvokeAsync(Disk disk, CancellationToken cancellationToken)
        => disk.FlushAsync(cancellationToken);
}

using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

internal readonly struct ReadCall(long offset, Memory<byte> buffer) : IDiskCall
{
    public ValueTask InvokeAsync(Disk disk, CancellationToken cancellationToken)
        => disk.ReadAsync(offset, buffer, cancellationToken);
}

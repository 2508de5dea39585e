using SharpNbd.Abstractions;

namespace SharpNbd.TestKit;

/// <summary>A plain disk over an array, correct and slow: what filters are tested in front of. Zeroed pages are shown as holes.</summary>
/// <param name="source">The source that it belongs to.</param>
internal sealed class ArrayDisk(ArraySource source) : Disk
{
    private const int Page = 512;

    private readonly byte[] _content = source.Content;
    private bool _isClosed;

    public override long Size => _content.Length;

    public override DiskCapabilities Capabilities => source.OfferedCapabilities;

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        lock (_content)
        {
            At(new ByteRange(offset, buffer.Length)).CopyTo(buffer.Span);
        }

        return ValueTask.CompletedTask;
    }

    public override bool TryLend(long offset, int length, out LentMemory memory)
    {
        memory = source.Lend(offset, length);
        return true;
    }

    public override ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        lock (_content)
        {
            data.Span.CopyTo(At(new ByteRange(offset, data.Length)));
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
        => ZeroAsync(range, ZeroFlags.MayTrim, cancellationToken);

    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        lock (_content)
        {
            At(range).Clear();
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        lock (_content)
        {
            for (var start = range.Offset / Page * Page; start < range.End && !extents.IsComplete; start += Page)
            {
                var page = _content.AsSpan((int)start, (int)Math.Min(Page, Size - start));
                extents.Add(start, page.Length, page.ContainsAnyExcept((byte)0) ? ExtentFlags.Data : ExtentFlags.Hole | ExtentFlags.Zero);
            }
        }

        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        _isClosed = true;
        source.Closed();
        return ValueTask.CompletedTask;
    }

    private Span<byte> At(ByteRange range)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _content.AsSpan(checked((int)range.Offset), checked((int)range.Length));
    }
}

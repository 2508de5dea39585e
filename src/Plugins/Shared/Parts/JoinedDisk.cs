using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// Disks one behind the other as one disk. A request that lies inside one of them, as nearly all do, goes straight to it; others are cut.
/// </summary>
internal sealed class JoinedDisk : Disk
{
    private readonly Disk[] _parts;

    // Where each part begins, and behind the last one the size of the whole.
    private readonly long[] _starts;

    /// <param name="parts">The disks in order, closed with this one. Ones of no bytes are allowed.</param>
    /// <param name="capabilities">What is offered; nothing that a part which has to do it cannot.</param>
    public JoinedDisk(IReadOnlyList<Disk> parts, DiskCapabilities capabilities)
    {
        _parts = [.. parts];
        Capabilities = capabilities;
        _starts = new long[_parts.Length + 1];
        for (var index = 0; index < _parts.Length; index++)
        {
            _starts[index + 1] = checked(_starts[index] + _parts[index].Size);
        }
    }

    /// <inheritdoc/>
    public override long Size => _starts[^1];

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var index = IndexOf(offset);
        return offset + buffer.Length <= _starts[index + 1]
            ? _parts[index].ReadAsync(offset - _starts[index], buffer, cancellationToken)
            : ReadAcrossAsync(index, offset, buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        var index = IndexOf(offset);
        return offset + data.Length <= _starts[index + 1]
            ? _parts[index].WriteAsync(offset - _starts[index], data, flags, cancellationToken)
            : WriteAcrossAsync(offset, data, flags, cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var part in _parts)
        {
            if (part.Capabilities.CanFlush)
            {
                await part.FlushAsync(cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
    {
        foreach (var (index, piece) in Pieces(range))
        {
            await _parts[index].CacheAsync(piece, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        foreach (var (index, piece) in Pieces(range))
        {
            if (extents.IsComplete)
            {
                return;
            }

            if (!_parts[index].Capabilities.CanExtents)
            {
                extents.Add(_starts[index] + piece.Offset, piece.Length, ExtentFlags.Data);
                continue;
            }

            var found = new ExtentList(piece, extents.FirstOnly);
            await _parts[index].GetExtentsAsync(piece, found, cancellationToken);
            foreach (var extent in found.Extents)
            {
                extents.Add(_starts[index] + extent.Offset, extent.Length, extent.Flags);
            }

            if (found.Next < piece.End)
            {
                // It has told only the first, or as many as one answer takes.
                return;
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        foreach (var part in _parts)
        {
            await part.DisposeAsync();
        }
    }

    private async ValueTask ReadAcrossAsync(int index, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (; !buffer.IsEmpty; index++)
        {
            var length = (int)Math.Min(_starts[index + 1] - offset, buffer.Length);
            if (length > 0)
            {
                await _parts[index].ReadAsync(offset - _starts[index], buffer[..length], cancellationToken);
                offset += length;
                buffer = buffer[length..];
            }
        }
    }

    private async ValueTask WriteAcrossAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        // First the parts that only compare what is written with what they hold: a write that one of them refuses changes nothing.
        foreach (var canWrite in (bool[])[false, true])
        {
            foreach (var (part, piece) in Pieces(new ByteRange(offset, data.Length)))
            {
                if (_parts[part].Capabilities.CanWrite == canWrite)
                {
                    var start = (int)(_starts[part] + piece.Offset - offset);
                    await _parts[part].WriteAsync(piece.Offset, data.Slice(start, (int)piece.Length), flags, cancellationToken);
                }
            }
        }
    }

    /// <summary>Cuts a range where parts meet; offsets are those inside the part.</summary>
    private IEnumerable<(int Index, ByteRange Piece)> Pieces(ByteRange range)
    {
        for (var index = IndexOf(range.Offset); index < _parts.Length && _starts[index] < range.End; index++)
        {
            var start = Math.Max(range.Offset, _starts[index]);
            var end = Math.Min(range.End, _starts[index + 1]);
            if (end > start)
            {
                yield return (index, new ByteRange(start - _starts[index], end - start));
            }
        }
    }

    /// <summary>The part that holds a byte: the last one that begins at or before it, which is never one of no bytes.</summary>
    private int IndexOf(long offset)
    {
        var low = 0;
        var high = _parts.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_starts[middle] <= offset)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}

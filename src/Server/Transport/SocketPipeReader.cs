using System.Buffers;
using System.IO.Pipelines;

namespace SharpNbd.Server;

/// <summary>
/// A pipe reader over a blocking socket: one call takes as many requests as have arrived, into one contiguous buffer at a
/// fixed address. A read that has to wait blocks.
/// </summary>
internal sealed unsafe class SocketPipeReader(SocketIo io) : PipeReader
{
    /// <summary>Takes 32 requests with 4 KiB of payload each, twice.</summary>
    private const int Capacity = 256 * 1024;

    private byte[] _buffer = NewBuffer();
    private int _start;
    private int _examined;
    private int _end;
    private bool _isEnded;

    /// <summary>How much is taken along behind a payload: the header of the next request.</summary>
    public int HeaderSize { get; set; } = RequestHeader.Size;

    /// <summary>Every byte that was received has been consumed.</summary>
    public bool IsEmpty => _end == 0;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_examined == _end)
        {
            Receive();
        }

        return new ValueTask<ReadResult>(Result());
    }

    public override bool TryRead(out ReadResult result)
    {
        result = Result();
        return _examined < _end || _isEnded;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _start = consumed.GetInteger();
        _examined = examined.GetInteger();
        if (_start == _end)
        {
            _start = _examined = _end = 0;
        }
    }

    /// <summary>
    /// Fills a payload's destination straight from the socket, and takes the header behind it along. Nothing may be buffered.
    /// </summary>
    /// <returns>False when the stream ends before.</returns>
    public bool ReceiveAll(Span<byte> destination)
    {
        fixed (byte* target = destination, buffer = _buffer)
        {
            var segments = stackalloc IoSegment[2];
            segments[1] = new IoSegment { Base = buffer, Length = (nuint)HeaderSize };
            var done = 0;
            while (done < destination.Length)
            {
                segments[0] = new IoSegment { Base = target + done, Length = (nuint)(destination.Length - done) };
                var count = io.Receive(segments, 2);
                if (count == 0)
                {
                    _isEnded = true;
                    return false;
                }

                done += count;
            }

            _end = done - destination.Length;
        }

        return true;
    }

    /// <summary>Not possible while a read blocks; a connection is woken by <see cref="SocketIo.Abort"/>.</summary>
    public override void CancelPendingRead() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null)
    {
    }

    /// <summary>Goes on in a new buffer, with what is not consumed yet; the old one belongs to who refers to it.</summary>
    public void ReplaceBuffer()
    {
        var fresh = NewBuffer();
        _buffer.AsSpan(_start, _end - _start).CopyTo(fresh);
        _buffer = fresh;
        _end -= _start;
        _start = _examined = 0;
    }

    private static byte[] NewBuffer() => GC.AllocateUninitializedArray<byte>(Capacity, pinned: true);

    private ReadResult Result()
        => new(new ReadOnlySequence<byte>(_buffer, _start, _end - _start), isCanceled: false, isCompleted: _isEnded);

    private void Receive()
    {
        if (_isEnded)
        {
            return;
        }

        // What is left of a request moves to the front when less than half of the buffer is free behind it.
        if (_end > Capacity / 2)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _examined -= _start;
            _start = 0;
        }

        if (_end == Capacity)
        {
            throw new InvalidOperationException("nothing was consumed of a full buffer");
        }

        fixed (byte* buffer = _buffer)
        {
            var count = io.Receive(buffer + _end, Capacity - _end);
            _end += count;
            _isEnded = count == 0;
        }
    }
}

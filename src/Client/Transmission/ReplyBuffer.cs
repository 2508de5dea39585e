using SharpNbd.Abstractions;
using SharpNbd.Server;

namespace SharpNbd.Client;

/// <summary>
/// What has been received and not looked at yet: one call takes as many replies as have arrived. What is completed between two calls is
/// answered to the callers' own clients together (<see cref="CompletionBatch"/>).
/// </summary>
internal sealed unsafe class ReplyBuffer(ClientWire wire, ClientConnection connection)
{
    private const int Capacity = 256 << 10;

    /// <summary>A shorter rest of a payload comes through the buffer, together with what follows it.</summary>
    private const int ShortestDirect = 8 << 10;

    /// <summary>The longest header together with the offset of a chunk of data: what may follow a payload.</summary>
    private const int NextHeader = 40;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(Capacity, pinned: true);
    private int _start;
    private int _end;

    /// <summary>Waits until so many bytes are there.</summary>
    /// <returns>False when the stream ends before the first of them.</returns>
    /// <exception cref="IOException">It ends in between.</exception>
    public bool Ensure(int count)
    {
        while (_end - _start < count)
        {
            if (_start == _end)
            {
                _start = _end = 0;
            }
            else if (Capacity - _start < count || _start > Capacity / 2)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }

            if (Receive(default) == 0)
            {
                return _start == _end ? false : throw Ended();
            }
        }

        return true;
    }

    /// <summary>The next bytes, which are there.</summary>
    public ReadOnlySpan<byte> Peek(int count) => _buffer.AsSpan(_start, count);

    /// <summary>Takes bytes that are there.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        _start += count;
        return _buffer.AsSpan(_start - count, count);
    }

    /// <summary>Waits for bytes and takes them; not more than the buffer holds.</summary>
    public ReadOnlySpan<byte> Await(int count) => Ensure(count) ? Take(count) : throw Ended();

    /// <summary>Fills a payload's destination, without a copy where that is worth it.</summary>
    public void Read(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var there = Math.Min(destination.Length, _end - _start);
            _buffer.AsSpan(_start, there).CopyTo(destination);
            _start += there;
            destination = destination[there..];
            if (destination.IsEmpty)
            {
                return;
            }

            _start = _end = 0;
            var received = Receive(destination.Length < ShortestDirect ? default : destination);
            if (received == 0)
            {
                throw Ended();
            }

            if (destination.Length >= ShortestDirect)
            {
                destination = destination[Math.Min(received, destination.Length)..];
            }
        }
    }

    /// <summary>Throws bytes away.</summary>
    public void Skip(long count)
    {
        while (count > 0)
        {
            if (!Ensure(1))
            {
                throw Ended();
            }

            var step = (int)Math.Min(count, _end - _start);
            _start += step;
            count -= step;
        }
    }

    private static NbdConnectionException Ended() => new("the server closed the connection in the middle of a reply");

    // Into the destination first, if there is one, and then into the buffer.
    private int Receive(Span<byte> destination)
    {
        CompletionBatch.End();
        int received;
        fixed (byte* buffer = _buffer, target = destination)
        {
            var segments = stackalloc IoSegment[2];
            segments[0] = new IoSegment { Base = target, Length = (nuint)destination.Length };
            segments[1] = new IoSegment
            {
                Base = buffer + _end,
                Length = (nuint)(destination.IsEmpty ? Capacity - _end : NextHeader),
            };
            received = destination.IsEmpty ? wire.Receive(segments + 1, 1) : wire.Receive(segments, 2);
        }

        CompletionBatch.Begin();
        connection.Progress();
        _end += Math.Max(0, received - destination.Length);
        return received;
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;

namespace SharpNbd.Server;

/// <summary>
/// Reads a pipe from the connection's own thread: waits by blocking, shows what has arrived as one span, and reads payloads
/// straight to their destination where the pipe is a socket's.
/// </summary>
/// <param name="reader">Where the bytes come from.</param>
internal sealed class WireInput(PipeReader reader)
{
    private readonly SocketPipeReader? _socket = reader as SocketPipeReader;
    private ReadOnlySequence<byte> _arrived;
    private ReadOnlyMemory<byte> _first;
    private int _consumed;
    private byte[] _joined = [];
    private bool _isHeld;
    private volatile bool _isStopped;

    /// <summary>How long the header is that follows a payload.</summary>
    public int HeaderSize
    {
        set => _socket?.HeaderSize = value;
    }

    /// <summary>The bytes that can be had without waiting.</summary>
    private long Available => _arrived.Length - _consumed;

    /// <summary>Whether so many bytes are there, without waiting.</summary>
    public bool Has(int count) => _first.Length - _consumed >= count || Available >= count;

    /// <summary>Waits until so many bytes are there.</summary>
    /// <returns>False when the stream ends before.</returns>
    public bool WaitFor(int count)
    {
        while (!Has(count))
        {
            if (!Receive())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Shows the next bytes, which are there and stay until they are consumed.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        if (_first.Length - _consumed >= count)
        {
            return _first.Span.Slice(_consumed, count);
        }

        // Only pipes that are not sockets hold their bytes in pieces.
        if (_joined.Length < count)
        {
            _joined = new byte[count];
        }

        _arrived.Slice(_consumed, count).CopyTo(_joined);
        return _joined.AsSpan(0, count);
    }

    /// <summary>Whether <see cref="Lend"/> is possible: a socket's bytes are in one piece at a fixed address.</summary>
    public bool CanLend => _socket is not null;

    /// <summary>
    /// Consumes the next bytes, which are there, and shows them where they lie. They stay until the next wait, or, with
    /// <see cref="KeepLent"/>, as long as somebody refers to them.
    /// </summary>
    public Memory<byte> Lend(int count)
    {
        var bytes = MemoryMarshal.AsMemory(_first).Slice(_consumed, count);
        Consume(count);
        return bytes;
    }

    /// <summary>Leaves the bytes that were lent to who has them, and goes on in other memory.</summary>
    public void KeepLent()
    {
        Release();
        _socket!.ReplaceBuffer();
    }

    /// <summary>Gives up the next bytes, which are there.</summary>
    public void Consume(int count)
    {
        _consumed += count;
        if (_consumed >= _first.Length && !_arrived.IsSingleSegment)
        {
            _arrived = _arrived.Slice(_consumed);
            _first = _arrived.First;
            _consumed = 0;
        }
    }

    /// <summary>Reads a payload to its destination.</summary>
    /// <returns>False when the stream ends before it is complete.</returns>
    public bool Read(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (Available == 0)
            {
                Release();
                if (_socket is { IsEmpty: true })
                {
                    return _socket.ReceiveAll(destination);
                }

                if (!Receive())
                {
                    return false;
                }
            }

            var count = (int)Math.Min(destination.Length, Available);
            _arrived.Slice(_consumed, count).CopyTo(destination);
            Consume(count);
            destination = destination[count..];
        }

        return true;
    }

    /// <summary>Takes as much as has arrived and fits, without waiting.</summary>
    /// <returns>How many bytes, which may be none.</returns>
    public int TakeArrived(Span<byte> destination)
    {
        var count = (int)Math.Min(destination.Length, Available);
        _arrived.Slice(_consumed, count).CopyTo(destination);
        Consume(count);
        return count;
    }

    /// <summary>Throws bytes away.</summary>
    /// <returns>False when the stream ends before.</returns>
    public bool Skip(long count)
    {
        while (count > 0)
        {
            if (Available == 0 && !Receive())
            {
                return false;
            }

            var step = (int)Math.Min(count, Available);
            Consume(step);
            count -= step;
        }

        return true;
    }

    /// <summary>Ends a wait, now or later, as if the peer had closed. For pipes that are not sockets; from any thread.</summary>
    public void Stop()
    {
        _isStopped = true;
        reader.CancelPendingRead();
    }

    private void Release()
    {
        if (_isHeld)
        {
            reader.AdvanceTo(_arrived.GetPosition(_consumed), _arrived.End);
            _isHeld = false;
        }

        _arrived = default;
        _first = default;
        _consumed = 0;
    }

    /// <summary>Waits for more bytes than are there; false when the stream has ended.</summary>
    private bool Receive()
    {
        var before = Available;
        Release();
        while (!_isStopped)
        {
            var pending = reader.ReadAsync();
            var result = pending.IsCompletedSuccessfully ? pending.Result : pending.AsTask().GetAwaiter().GetResult();
            _isHeld = true;
            _arrived = result.Buffer;
            _first = _arrived.First;
            if (_arrived.Length > before && !_isStopped)
            {
                return true;
            }

            if (result.IsCompleted)
            {
                return false;
            }

            Release();
        }

        return false;
    }
}

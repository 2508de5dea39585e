using SharpNbd.Server;

namespace SharpNbd.Benchmarks;

/// <summary>
/// A client that is only memory: sends the same batch of requests a number of times and then a disconnect, and throws away what
/// it gets. Each batch arrives as a socket would deliver it, in one piece unless the server's buffer is shorter.
/// </summary>
/// <param name="batch">The requests, as on the wire.</param>
internal sealed unsafe class ReplaySocketIo(byte[] batch) : SocketIo
{
    private readonly byte[] _disconnect = Requests.Disconnect();
    private byte[] _current = [];
    private int _position;
    private int _batchesLeft;

    /// <summary>Begins anew.</summary>
    public void Rewind(int batches)
    {
        _current = [];
        _position = 0;
        _batchesLeft = batches;
    }

    public override int Receive(byte* buffer, int length)
    {
        Advance();
        return Take(new Span<byte>(buffer, length));
    }

    public override int Receive(IoSegment* segments, int count)
    {
        Advance();
        var taken = 0;
        for (var i = 0; i < count; i++)
        {
            taken += Take(new Span<byte>(segments[i].Base, (int)segments[i].Length));
        }

        return taken;
    }

    public override long Send(IoSegment* segments, int count, bool wait, bool isMoreToCome = false)
    {
        var sent = 0L;
        for (var i = 0; i < count; i++)
        {
            sent += (long)segments[i].Length;
        }

        return sent;
    }

    public override void StopReceiving()
    {
    }

    public override void Abort()
    {
    }

    public override void Dispose()
    {
    }

    private void Advance()
    {
        if (_position == _current.Length)
        {
            _current = _batchesLeft > 0 ? batch : _disconnect;
            _batchesLeft--;
            _position = 0;
        }
    }

    private int Take(Span<byte> destination)
    {
        var piece = _current.AsSpan(_position);
        piece = piece[..Math.Min(piece.Length, destination.Length)];
        piece.CopyTo(destination);
        _position += piece.Length;
        return piece.Length;
    }
}

using SharpNbd.Server;

namespace SharpNbd.Client;

/// <summary>
/// A stream of somebody else's. Only its asynchronous methods are used, which every stream for connections has, and arrays of our own, for
/// it may keep what it is given when it is disposed in the middle of a call.
/// </summary>
internal sealed class StreamWire(Stream stream) : ClientWire
{
    private const int PieceLength = 64 << 10;

    private readonly byte[] _input = new byte[PieceLength];
    private readonly byte[] _output = new byte[PieceLength];
    private int _start;
    private int _end;
    private volatile bool _isAborted;

    public override bool CanSendWithoutWaiting => false;

    public override unsafe int Receive(IoSegment* segments, int count)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = Run(() => stream.ReadAsync(_input).AsTask());
        }

        var taken = 0;
        for (var i = 0; i < count && _start < _end; i++)
        {
            var piece = Math.Min((int)segments[i].Length, _end - _start);
            _input.AsSpan(_start, piece).CopyTo(new Span<byte>(segments[i].Base, piece));
            _start += piece;
            taken += piece;
        }

        return taken;
    }

    public override unsafe long Send(IoSegment* segments, int count, bool wait)
    {
        var gathered = 0;
        for (var i = 0; i < count && gathered < PieceLength; i++)
        {
            var piece = Math.Min((int)Math.Min(segments[i].Length, int.MaxValue), PieceLength - gathered);
            new ReadOnlySpan<byte>(segments[i].Base, piece).CopyTo(_output.AsSpan(gathered));
            gathered += piece;
        }

        return Run(() => WriteAsync(gathered));
    }

    public override void Abort()
    {
        _isAborted = true;
        stream.Dispose();
    }

    public override void Dispose() => stream.Dispose();

    private async Task<int> WriteAsync(int count)
    {
        await stream.WriteAsync(_output.AsMemory(0, count)).ConfigureAwait(false);
        await stream.FlushAsync().ConfigureAwait(false);
        return count;
    }

    // A foreign stream may throw anything, above all when it is disposed under a call.
    private int Run(Func<Task<int>> call)
    {
        try
        {
            return call().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not IOException)
        {
            return _isAborted ? throw new IOException("the connection was closed", e) : throw new IOException(e.Message, e);
        }
    }
}

namespace SharpNbd.Server.Tests;

/// <summary>A socket that takes and gives as many bytes per call as the test says.</summary>
/// <param name="incoming">What the peer has sent; behind it the stream ends.</param>
/// <param name="room">How many bytes the next call moves at most.</param>
internal sealed unsafe class ScriptedSocketIo(byte[] incoming, Func<int> room) : SocketIo
{
    private int _position;

    /// <summary>What was sent.</summary>
    public List<byte> Sent { get; } = [];

    /// <summary>The number of segments of the largest call.</summary>
    public int MostSegments { get; private set; }

    /// <summary>From how many bytes on pages are not copied.</summary>
    public override int ShortestPages => 100;

    /// <summary>The lengths of what was sent as pages.</summary>
    public List<int> Pages { get; } = [];

    public override void SendPages(IoSegment segment)
    {
        Pages.Add((int)segment.Length);
        SendAll(segment);
    }

    public override int Receive(byte* buffer, int length)
    {
        var count = Math.Min(Math.Min(length, incoming.Length - _position), Math.Max(1, room()));
        incoming.AsSpan(_position, count).CopyTo(new Span<byte>(buffer, length));
        _position += count;
        return count;
    }

    public override int Receive(IoSegment* segments, int count)
    {
        var left = Math.Max(1, room());
        var taken = 0;
        for (var i = 0; i < count && left > 0; i++)
        {
            var step = Math.Min(Math.Min((int)segments[i].Length, incoming.Length - _position), left);
            incoming.AsSpan(_position, step).CopyTo(new Span<byte>(segments[i].Base, step));
            _position += step;
            taken += step;
            left -= step;
        }

        return taken;
    }

    public override long Send(IoSegment* segments, int count, bool wait, bool isMoreToCome = false)
    {
        MostSegments = Math.Max(MostSegments, count);
        var left = wait ? Math.Max(1, room()) : room();
        long sent = 0;
        for (var i = 0; i < count && left > 0; i++)
        {
            var step = Math.Min((int)segments[i].Length, left);
            Sent.AddRange(new ReadOnlySpan<byte>(segments[i].Base, step));
            sent += step;
            left -= step;
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
}

using SharpNbd.Server;

namespace SharpNbd.TestKit;

/// <summary>The socket of a fuzzed connection: everything that the client says is there from the start, and arrives in pieces.</summary>
/// <param name="stream">Both directions.</param>
internal sealed unsafe class FuzzIo(FuzzStream stream) : SocketIo
{
    public override int Receive(byte* buffer, int length) => stream.Read(new Span<byte>(buffer, length));

    public override int Receive(IoSegment* segments, int count)
    {
        var taken = 0;
        var left = stream.Chunk;
        for (var i = 0; i < count && left > 0; i++)
        {
            var step = stream.Read(new Span<byte>(segments[i].Base, (int)Math.Min(segments[i].Length, (nuint)left)));
            taken += step;
            left -= step;
            if (step < (int)segments[i].Length)
            {
                break;
            }
        }

        return taken;
    }

    // Who may not wait is let send everything: what he left over would be sent by another thread.
    public override long Send(IoSegment* segments, int count, bool wait, bool isMoreToCome = false)
    {
        var left = wait ? stream.Room : int.MaxValue;
        long sent = 0;
        for (var i = 0; i < count && left > 0; i++)
        {
            var step = (int)Math.Min(segments[i].Length, (nuint)left);
            stream.Write(new ReadOnlySpan<byte>(segments[i].Base, step));
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

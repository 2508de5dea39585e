using System.Net.Sockets;

namespace SharpNbd.Server;

/// <summary>Any platform: the calls of <see cref="Socket"/>, a segment at a time.</summary>
internal sealed unsafe class ManagedSocketIo(Socket socket) : SocketIo
{
    public override int Receive(byte* buffer, int length)
    {
        var count = socket.Receive(new Span<byte>(buffer, length), SocketFlags.None, out var error);
        return error == SocketError.Success ? count : 0;
    }

    public override int Receive(IoSegment* segments, int count) => Receive(segments[0].Base, (int)segments[0].Length);

    public override long Send(IoSegment* segments, int count, bool wait, bool isMoreToCome = false)
    {
        long sent = 0;
        for (var i = 0; i < count; i++)
        {
            if (!wait && !socket.Poll(0, SelectMode.SelectWrite))
            {
                break;
            }

            // One piece at a time that surely fits, where it may not wait.
            var length = wait ? (int)segments[i].Length : (int)Math.Min(segments[i].Length, 1024);
            var step = socket.Send(new ReadOnlySpan<byte>(segments[i].Base, length), SocketFlags.None, out var error);
            if (error != SocketError.Success)
            {
                throw new IOException($"the peer cannot be sent to: {error}");
            }

            sent += step;
            if (step < (int)segments[i].Length)
            {
                break;
            }
        }

        return sent;
    }

    public override void StopReceiving() => Shutdown(SocketShutdown.Receive);

    public override void Abort() => Shutdown(SocketShutdown.Both);

    public override void Dispose() => socket.Dispose();

    private void Shutdown(SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed by the peer or by us: whoever waited is awake already.
        }
    }
}

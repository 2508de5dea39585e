using System.Net.Sockets;
using SharpNbd.Server;

namespace SharpNbd.Client;

/// <summary>A socket by the framework's calls, for platforms other than Linux.</summary>
internal sealed unsafe class SocketWire(Socket socket) : ClientWire
{
    public override bool CanSendWithoutWaiting => false;

    public override int Receive(IoSegment* segments, int count)
    {
        try
        {
            return socket.Receive(new Span<byte>(segments->Base, (int)segments->Length));
        }
        catch (SocketException e)
        {
            throw new IOException(e.Message, e);
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    public override long Send(IoSegment* segments, int count, bool wait)
    {
        try
        {
            return socket.Send(new ReadOnlySpan<byte>(segments->Base, (int)segments->Length));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            throw new IOException(e.Message, e);
        }
    }

    public override void Abort()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    public override void Dispose() => socket.Dispose();
}

using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Server;

/// <summary>Makes transports of accepted sockets, all in the same way.</summary>
/// <param name="active">The connections of the server.</param>
/// <param name="spin">How long they look for a request before they sleep.</param>
/// <param name="keepsAlive">TCP asks now and then whether a silent peer is still there.</param>
internal sealed class TransportFactory(ConnectionCount active, TimeSpan spin, bool keepsAlive)
{
    /// <summary>A transport over a socket of the framework, which it owns.</summary>
    public Transport Create(Socket socket)
    {
        if (keepsAlive && socket.AddressFamily != AddressFamily.Unix)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }

        return new SocketTransport(socket, Spin());
    }

    /// <summary>A transport over a descriptor of a socket, which it owns.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="peer">Who is at the other end.</param>
    public Transport Create(SafeFileHandle descriptor, SystemAddress peer)
    {
        if (peer.IsTcp)
        {
            SocketCalls.SetNoDelay(descriptor);
            if (keepsAlive)
            {
                SocketCalls.SetKeepAlive(descriptor);
            }
        }

        return new SocketTransport(descriptor, peer, Spin());
    }

    private ReceiveSpin Spin() => new(active, spin);
}

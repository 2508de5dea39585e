using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Server;

/// <summary>The connection of <c>-s</c>: what inetd, libnbd and shells put on standard input and output.</summary>
internal static class StandardTransport
{
    private const string Peer = "standard input";
    private const int DuplicateCloseOnExec = 1030;

    /// <summary>Makes it; a socket, which inetd and libnbd give us, is served as fast as any other.</summary>
    public static Transport Create()
    {
        var copy = OperatingSystem.IsLinux() && SocketCalls.IsSocket(0) && SocketCalls.IsSocket(1)
            ? HostCalls.ControlDescriptor(0, DuplicateCloseOnExec, 3)
            : -1;
        if (copy < 0)
        {
            return new SocketTransport(new StandardIo(), Peer);
        }

        var socket = new SafeFileHandle(copy, ownsHandle: true);
        var peer = SocketCalls.AddressOf(socket) with { Text = Peer, EndPoint = null };
        return new SocketTransport(socket, peer, new ReceiveSpin(new ConnectionCount(), TimeSpan.Zero));
    }
}

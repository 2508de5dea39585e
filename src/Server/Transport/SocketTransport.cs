using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace SharpNbd.Server;

/// <summary>A connection over a socket.</summary>
internal sealed class SocketTransport : Transport
{
    private readonly SocketIo _io;

    /// <param name="socket">An accepted socket, still blocking; owned from here on.</param>
    /// <param name="spin">How it waits for requests; null to sleep at once.</param>
    public SocketTransport(Socket socket, ReceiveSpin? spin = null)
    {
        PeerAddress = AddressOf(socket);
        Peer = socket.AddressFamily == AddressFamily.Unix ? "the Unix socket" : PeerAddress?.ToString() ?? "unknown";
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            // The specification wants it on both ends: a reply must not wait for the acknowledgement of another.
            socket.NoDelay = true;
        }

        spin ??= new ReceiveSpin(new ConnectionCount(), TimeSpan.Zero);
        _io = OperatingSystem.IsLinux() ? new LibcSocketIo(socket.SafeHandle, socket, spin, socket.AddressFamily == AddressFamily.Unix) : new ManagedSocketIo(socket);
        Input = new WireInput(new SocketPipeReader(_io));
        Output = new SocketPipeWriter(_io);
    }

    /// <param name="descriptor">A connected socket of any family, still blocking; owned from here on.</param>
    /// <param name="peer">Who is at the other end.</param>
    /// <param name="spin">How it waits for requests.</param>
    public SocketTransport(SafeFileHandle descriptor, SystemAddress peer, ReceiveSpin spin)
        : this(new LibcSocketIo(descriptor, descriptor, spin, peer.IsUnix), peer.Text)
        => PeerAddress = peer.EndPoint;

    /// <param name="io">The calls on a connection; owned from here on.</param>
    /// <param name="peer">Who is at the other end.</param>
    public SocketTransport(SocketIo io, string peer)
    {
        Peer = peer;
        _io = io;
        Input = new WireInput(new SocketPipeReader(_io));
        Output = new SocketPipeWriter(_io);
    }

    public override string Peer { get; }

    public override EndPoint? PeerAddress { get; }

    public override WireInput Input { get; }

    public override GatherWriter Output { get; }

    public override TimeSpan UnreadFor => _io.UnreadFor;

    public override void StopReceiving() => _io.StopReceiving();

    public override void Abort() => _io.Abort();

    public override void Dispose() => _io.Dispose();

    // A listener for both families sees IPv4 clients as mapped into IPv6.
    private static EndPoint? AddressOf(Socket socket)
        => socket.AddressFamily == AddressFamily.Unix ? null
            : socket.RemoteEndPoint is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port)
            : socket.RemoteEndPoint;
}

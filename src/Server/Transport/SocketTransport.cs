using System.Net;
using System.Net.Sockets;

namespace SharpNbd.Server;

/// <summary>A connection over a TCP or Unix socket.</summary>
internal sealed class SocketTransport : Transport
{
    private readonly SocketIo _io;

    /// <param name="socket">An accepted socket, still blocking; owned from here on.</param>
    /// <param name="spin">How it waits for requests; null to sleep at once.</param>
    public SocketTransport(Socket socket, ReceiveSpin? spin = null)
    {
        Peer = socket.AddressFamily == AddressFamily.Unix ? "the Unix socket" : (socket.RemoteEndPoint as IPEndPoint)?.ToString() ?? "unknown";
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            // The specification wants it on both ends: a reply must not wait for the acknowledgement of another.
            socket.NoDelay = true;
        }

        _io = OperatingSystem.IsLinux() ? new LibcSocketIo(socket, spin ?? new ReceiveSpin(new ConnectionCount(), TimeSpan.Zero)) : new ManagedSocketIo(socket);
        Input = new WireInput(new SocketPipeReader(_io));
        Output = new SocketPipeWriter(_io);
    }

    public override string Peer { get; }

    public override WireInput Input { get; }

    public override GatherWriter Output { get; }

    public override void StopReceiving() => _io.StopReceiving();

    public override void Abort() => _io.Abort();

    public override void Dispose() => _io.Dispose();
}

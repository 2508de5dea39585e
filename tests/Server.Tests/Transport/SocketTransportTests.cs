using System.Net;
using System.Net.Sockets;

namespace SharpNbd.Server.Tests;

public sealed class SocketTransportTests
{
    [Fact]
    public void NothingIsHeldBackOnTcp()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndPoint!);
        using var accepted = listener.Accept();
        Assert.False(accepted.NoDelay);

        using var transport = new SocketTransport(accepted, new ReceiveSpin(new ConnectionCount(), TimeSpan.Zero));

        Assert.True(accepted.NoDelay);
    }
}

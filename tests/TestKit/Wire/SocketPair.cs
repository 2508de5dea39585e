using System.Net.Sockets;

namespace SharpNbd.TestKit;

/// <summary>Two connected Unix sockets.</summary>
internal static class SocketPair
{
    private static int _count;

    /// <summary>Connects two sockets.</summary>
    public static (Socket Server, Socket Client) Create()
    {
        // Names that begin with a NUL need no file.
        var name = new UnixDomainSocketEndPoint($"\0sharpnbd-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(name);
        listener.Listen(1);
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(name);
        return (listener.Accept(), client);
    }
}

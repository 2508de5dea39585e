using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SharpNbd.Server;

/// <summary>
/// A path of a Unix socket to listen on. The framework's own type would remove the path when the socket is closed, which by then
/// may be another server's.
/// </summary>
internal sealed class UnixSocketEndPoint(string path) : EndPoint
{
    // sun_family comes first, and the path ends with a NUL within 108 bytes.
    private const int FamilySize = 2;
    private const int LongestPath = 107;

    public override AddressFamily AddressFamily => AddressFamily.Unix;

    public override SocketAddress Serialize()
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var address = new SocketAddress(AddressFamily.Unix, FamilySize + bytes.Length + 1);
        bytes.CopyTo(address.Buffer.Span[FamilySize..]);
        address.Buffer.Span[FamilySize + bytes.Length] = 0;
        return address;
    }

    public override EndPoint Create(SocketAddress socketAddress) => new UnixSocketEndPoint("");

    /// <summary>Whether the path is short enough for the system.</summary>
    public static bool IsValid(string path) => Encoding.UTF8.GetByteCount(path) is > 0 and <= LongestPath;
}

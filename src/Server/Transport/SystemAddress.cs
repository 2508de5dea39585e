using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace SharpNbd.Server;

/// <summary>An address as the system writes it: libc's <c>struct sockaddr</c> of any family that a server listens on.</summary>
/// <param name="Family">The number of the family on Linux.</param>
/// <param name="Text">The address for a human.</param>
/// <param name="Listening">The same as a place to listen on, which an address of a listening socket is.</param>
/// <param name="EndPoint">The same as the framework has it; null for families other than those of TCP.</param>
internal readonly record struct SystemAddress(ushort Family, string Text, ListenAddress Listening, EndPoint? EndPoint = null)
{
    /// <summary>AF_VSOCK.</summary>
    public const ushort Vsock = 40;

    /// <summary>AF_UNIX.</summary>
    public const ushort Unix = 1;

    /// <summary>The size of the longest, <c>struct sockaddr_un</c>, and some.</summary>
    public const int LongestSize = 128;

    private const ushort IPv4 = 2;
    private const ushort IPv6 = 10;

    /// <summary>It is one of a Unix socket.</summary>
    public bool IsUnix => Family == Unix;

    /// <summary>It is one of TCP.</summary>
    public bool IsTcp => Family is IPv4 or IPv6;

    /// <summary>Reads an address.</summary>
    public static SystemAddress Parse(ReadOnlySpan<byte> address)
    {
        // A Unix client has no name, and the system then says the family at most.
        var family = address.Length < 2 ? Unix : BitConverter.ToUInt16(address);
        switch (family)
        {
            case IPv4 when address.Length >= 8:
                return OfTcp(family, new IPAddress(address.Slice(4, 4)), address);
            case IPv6 when address.Length >= 24:
                return OfTcp(family, new IPAddress(address.Slice(8, 16)), address);
            case Vsock when address.Length >= 12:
                var (port, machine) = (BitConverter.ToUInt32(address[4..]), BitConverter.ToUInt32(address[8..]));
                return new SystemAddress(family, $"vsock {machine}:{port}", new VsockListenAddress(port));
            default:
                var path = address.Length > 2 ? Encoding.UTF8.GetString(address[2..]).TrimEnd('\0') : "";
                return new SystemAddress(family, "the Unix socket", new UnixListenAddress(path));
        }
    }

    /// <summary>What a client on this machine connects to: every address of it is none to connect to.</summary>
    public static IPEndPoint ForClients(IPEndPoint listening)
        => listening.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, listening.Port)
            : listening.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, listening.Port)
            : listening;

    private static SystemAddress OfTcp(ushort family, IPAddress ip, ReadOnlySpan<byte> address)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        var isAny = ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any);
        var endPoint = new IPEndPoint(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, port);
        return new SystemAddress(family, $"{endPoint}", new TcpListenAddress(isAny ? null : $"{ip}", port), endPoint);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SharpNbd.Server;

/// <summary>Writes the URI under which clients on this machine find a server (NBD URI specification).</summary>
internal static class NbdUri
{
    private const string Unreserved = "-._~/";

    /// <summary>The URI of an address and an export.</summary>
    /// <param name="address">Where the server listens.</param>
    /// <param name="exportName">The export; "" is the default one.</param>
    /// <param name="tls">
    /// How it does TLS. Only where that is required the URI asks for it, and names the files of the command line; elsewhere clients
    /// without them would not get in.
    /// </param>
    public static string Format(ListenAddress address, string exportName, TlsSupport? tls = null)
    {
        var export = exportName.Length > 0 ? "/" + Escape(exportName) : "";
        var isEncrypted = tls is { Mode: TlsMode.Require };
        var scheme = isEncrypted ? "nbds" : "nbd";
        var files = isEncrypted && tls!.UriParameter is var (key, path) ? $"{key}={Escape(path)}" : "";
        return address switch
        {
            UnixListenAddress unix => $"{scheme}+unix://{export}?socket={Escape(unix.Path)}{(files.Length > 0 ? "&" : "")}{files}",
            TcpListenAddress tcp => $"{scheme}://{Host(tcp)}:{tcp.Port}{export}{(files.Length > 0 ? "?" : "")}{files}",
            VsockListenAddress vsock => $"{scheme}+vsock://1:{vsock.Port}{export}{(files.Length > 0 ? "?" : "")}{files}",
            _ => throw new NotSupportedException($"no URI for {address}"),
        };
    }

    // What is not bound to one address of the outside is reached as localhost, as nbdkit says; but that name may stand for the
    // IPv4 address only.
    private static string Host(TcpListenAddress address)
    {
        if (address.Host is null)
        {
            return address.Family == AddressFamily.InterNetworkV6 ? "[::1]" : "localhost";
        }

        if (!IPAddress.TryParse(address.Host, out var ip))
        {
            return address.Host;
        }

        return ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.Loopback) ? "localhost"
            : ip.Equals(IPAddress.IPv6Any) ? "[::1]"
            : ip.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{ip}]"
            : $"{ip}";
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)unit) || Unreserved.Contains((char)unit, StringComparison.Ordinal))
            {
                escaped.Append((char)unit);
            }
            else
            {
                escaped.Append('%').Append(unit.ToString("X2"));
            }
        }

        return escaped.ToString();
    }
}

using System.Net;
using System.Text;

namespace SharpNbd.Server;

/// <summary>Writes the URI under which clients on this machine find a server (NBD URI specification).</summary>
internal static class NbdUri
{
    private const string Unreserved = "-._~/";

    /// <summary>The URI of an address and an export; "" is the default export.</summary>
    public static string Format(ListenAddress address, string exportName)
    {
        var export = exportName.Length > 0 ? "/" + Escape(exportName) : "";
        return address switch
        {
            UnixListenAddress unix => $"nbd+unix://{export}?socket={Escape(unix.Path)}",
            TcpListenAddress tcp => $"nbd://{Host(tcp.Host)}:{tcp.Port}{export}",
            _ => throw new NotSupportedException($"no URI for {address}"),
        };
    }

    // What is not bound to one address of the outside is reached as localhost, under which nbdkit's users know it.
    private static string Host(string? host)
    {
        if (host is null)
        {
            return "localhost";
        }

        if (!IPAddress.TryParse(host, out var address))
        {
            return host;
        }

        IPAddress[] here = [IPAddress.Any, IPAddress.IPv6Any, IPAddress.Loopback, IPAddress.IPv6Loopback];
        return here.Contains(address) ? "localhost" : host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
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

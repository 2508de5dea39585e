using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SharpNbd.Client;

/// <summary>
/// Where an export is, as text (NBD URI specification): <c>nbd://host:port/export</c>, <c>nbd+unix:///export?socket=PATH</c>,
/// <c>nbd+vsock://cid:port/export</c>, and the same with <c>nbds</c>, which requires TLS.
/// </summary>
public sealed record NbdUri
{
    /// <summary>The port that IANA has given to NBD.</summary>
    public const int DefaultPort = 10809;

    private const string Accepted = "nbd://HOST[:PORT]/EXPORT, nbd+unix:///EXPORT?socket=PATH or nbd+vsock://CID[:PORT]/EXPORT, or nbds instead of nbd";

    private NbdUri(EndPoint address, string exportName, NbdTlsOptions tls) => (Address, ExportName, Tls) = (address, exportName, tls);

    /// <summary>Where the server is.</summary>
    public EndPoint Address { get; }

    /// <summary>The export; "" is the default one.</summary>
    public string ExportName { get; }

    /// <summary>What the URI says about TLS.</summary>
    public NbdTlsOptions Tls { get; }

    /// <summary>Reads a URI.</summary>
    /// <exception cref="FormatException">It is none, with a line that says what is accepted.</exception>
    public static NbdUri Parse(string text)
    {
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = colon < 0 ? "" : text[..colon];
        var isTls = scheme.StartsWith("nbds", StringComparison.Ordinal);
        var transport = isTls ? scheme[4..] : scheme.StartsWith("nbd", StringComparison.Ordinal) ? scheme[3..] : null;
        if (transport is not ("" or "+unix" or "+vsock"))
        {
            throw new FormatException($"'{text}' is no NBD URI; accepted is {Accepted}");
        }

        var rest = text[(colon + 3)..];
        var (place, query) = Cut(rest, '?');
        var (authority, path) = Cut(place, '/');
        var at = authority.LastIndexOf('@');
        var user = at < 0 ? null : Uri.UnescapeDataString(authority[..at]);
        var parameters = ParametersOf(query);
        var address = AddressOf(text, transport, authority[(at + 1)..], parameters.GetValueOrDefault("socket"));
        return new NbdUri(address, Uri.UnescapeDataString(path), new NbdTlsOptions
        {
            Mode = isTls ? NbdTlsMode.Require : NbdTlsMode.Off,
            UserName = user,
            PskFile = parameters.GetValueOrDefault("tls-psk-file"),
            CertificateDirectory = parameters.GetValueOrDefault("tls-certificates"),
            HostName = parameters.GetValueOrDefault("tls-hostname"),
            VerifyServer = parameters.GetValueOrDefault("tls-verify-peer") is not ("false" or "0" or "no" or "off"),
        });
    }

    /// <summary>The address of a Unix socket.</summary>
    /// <exception cref="FormatException">The path is too long for the system.</exception>
    public static EndPoint UnixAddress(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException)
        {
            throw new FormatException($"'{path}' cannot be the path of a Unix socket, which has 1 to 107 bytes");
        }
    }

    private static EndPoint AddressOf(string text, string transport, string authority, string? socket)
    {
        if (transport == "+unix")
        {
            return socket is null ? throw new FormatException($"'{text}' names no socket; accepted is nbd+unix:///EXPORT?socket=PATH")
                : authority.Length > 0 ? throw new FormatException($"'{text}' names a host and a Unix socket; accepted is nbd+unix:///EXPORT?socket=PATH")
                : UnixAddress(socket);
        }

        if (socket is not null)
        {
            throw new FormatException($"'{text}' names a socket; for that the scheme is nbd+unix");
        }

        var behindAddress = authority.LastIndexOf(']') + 1;
        var colon = authority.IndexOf(':', behindAddress);
        var host = (colon < 0 ? authority : authority[..colon]).Trim('[', ']');
        uint port = DefaultPort;
        if (colon >= 0 && colon < authority.Length - 1
            && !uint.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
        {
            throw new FormatException($"'{text}': '{authority[(colon + 1)..]}' is no port number");
        }

        if (transport == "+vsock")
        {
            return uint.TryParse(host, NumberStyles.None, CultureInfo.InvariantCulture, out var machine)
                ? new VsockEndPoint(machine, port)
                : throw new FormatException($"'{text}': '{host}' is no number of a machine (CID)");
        }

        return host.Length == 0 ? throw new FormatException($"'{text}' names no host; accepted is {Accepted}")
            : port is 0 or > ushort.MaxValue ? throw new FormatException($"'{text}': a port is 1 to 65535")
            : IPAddress.TryParse(host, out var ip) ? new IPEndPoint(ip, (int)port)
            : new DnsEndPoint(host, (int)port, AddressFamily.Unspecified);
    }

    private static Dictionary<string, string> ParametersOf(string query)
    {
        var parameters = new Dictionary<string, string>();
        foreach (var pair in query.Split(['&', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = Cut(pair, '=');
            parameters.TryAdd(Uri.UnescapeDataString(key), Uri.UnescapeDataString(value));
        }

        return parameters;
    }

    private static (string Before, string Behind) Cut(string text, char mark)
    {
        var index = text.IndexOf(mark, StringComparison.Ordinal);
        return index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);
    }
}

using System.Globalization;
using System.Net;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>One <c>resolve=</c>: the addresses that a host and port have, whatever name servers say.</summary>
/// <param name="Host">The host, or <c>*</c> for every one.</param>
/// <param name="Port">The port.</param>
/// <param name="Addresses">Where to connect instead, in the order in which they are tried.</param>
internal sealed record HostMapping(string Host, int Port, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>Reads <c>HOST:PORT:ADDRESS[,ADDRESS...]</c>; a <c>+</c> in front, which lets libcurl forget the entry, is accepted.</summary>
    /// <exception cref="ParameterException">It has another form.</exception>
    public static HostMapping Parse(string text)
    {
        // A host that is an IPv6 address is in brackets, and so has colons of its own.
        var rest = text.StartsWith('+') ? text[1..] : text;
        var hostEnd = rest.StartsWith('[') ? rest.IndexOf("]:", StringComparison.Ordinal) + 1 : rest.IndexOf(':', StringComparison.Ordinal);
        var portEnd = hostEnd > 0 ? rest.IndexOf(':', hostEnd + 1) : -1;
        if (portEnd > 0
            && ushort.TryParse(rest.AsSpan(hostEnd + 1, portEnd - hostEnd - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            var addresses = rest[(portEnd + 1)..].Split(',')
                .Select(word => IPAddress.TryParse(word.Trim(), out var address) ? address : null).ToArray();
            if (!addresses.Contains(null))
            {
                return new HostMapping(rest[..hostEnd].Trim('[', ']'), port, addresses!);
            }
        }

        throw new ParameterException($"resolve={text}: HOST:PORT:ADDRESS is needed, such as example.com:443:192.0.2.1; several addresses have commas between them");
    }

    public bool Answers(DnsEndPoint target)
        => (Host == "*" || Host.Equals(target.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)) && Port == target.Port;
}

using System.Security.Authentication;

namespace SharpNbd.Plugins;

/// <summary>Reads <c>ssl-version=</c>.</summary>
internal static class TlsVersions
{
#pragma warning disable SYSLIB0039, CA5397 // The user asks for them; whether the platform still speaks them is its own decision.
    private static readonly SslProtocols[] InOrder = [SslProtocols.Tls, SslProtocols.Tls11, SslProtocols.Tls12, SslProtocols.Tls13];
#pragma warning restore SYSLIB0039, CA5397

    /// <summary>The versions that may be spoken; none stands for the platform's choice.</summary>
    /// <exception cref="FormatException">There is no such version, or no platform speaks it any more.</exception>
    public static SslProtocols Parse(string text) => text switch
    {
        "default" or "max-default" => SslProtocols.None,
        "tlsv1" or "tlsv1.0" => From(0),
        "tlsv1.1" => From(1),
        "tlsv1.2" => From(2),
        "tlsv1.3" => From(3),
        "max-tlsv1.0" => UpTo(0),
        "max-tlsv1.1" => UpTo(1),
        "max-tlsv1.2" => UpTo(2),
        "max-tlsv1.3" => UpTo(3),
        "sslv2" or "sslv3" => throw new FormatException("SSL before TLS is broken and not spoken; use tlsv1.2"),
        _ => throw new FormatException("one of default, tlsv1, tlsv1.0 to tlsv1.3, max-default and max-tlsv1.0 to max-tlsv1.3 is needed"),
    };

    private static SslProtocols From(int first) => InOrder[first..].Aggregate((all, one) => all | one);

    private static SslProtocols UpTo(int last) => InOrder[..(last + 1)].Aggregate((all, one) => all | one);
}

using System.Net;

namespace SharpNbd.Plugins;

/// <summary>Which version of HTTP is spoken, in libcurl's words.</summary>
/// <param name="Version">The version that is asked for.</param>
/// <param name="Policy">Whether a lower one will do.</param>
internal sealed record HttpVersionChoice(Version Version, HttpVersionPolicy Policy)
{
    public bool IsHttp3 => Version.Major == 3;

    /// <summary>Reads a value of <c>http-version=</c>.</summary>
    /// <exception cref="FormatException">There is no such version.</exception>
    public static HttpVersionChoice Parse(string text) => text switch
    {
        // HTTP/2 where TLS negotiates it, else 1.1: as libcurl's default.
        "none" or "2.0" or "2TLS" => new(HttpVersion.Version20, HttpVersionPolicy.RequestVersionOrLower),
        "1.0" => new(HttpVersion.Version10, HttpVersionPolicy.RequestVersionExact),
        "1.1" => new(HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact),
        "2-prior-knowledge" => new(HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact),
        "3" => new(HttpVersion.Version30, HttpVersionPolicy.RequestVersionOrLower),
        "3only" => new(HttpVersion.Version30, HttpVersionPolicy.RequestVersionExact),
        _ => throw new FormatException("one of none, 1.0, 1.1, 2.0, 2TLS, 2-prior-knowledge, 3 and 3only is needed"),
    };
}

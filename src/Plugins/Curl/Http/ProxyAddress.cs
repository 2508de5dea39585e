using System.Net;

namespace SharpNbd.Plugins;

/// <summary>Reads <c>proxy=</c>.</summary>
internal static class ProxyAddress
{
    // As curl: other programs take 80, but those who leave the port out have curl's documentation before them.
    private const int DefaultPort = 1080;

    /// <summary>The proxy's URL, or null for none.</summary>
    /// <exception cref="FormatException">It is no URL of a proxy.</exception>
    public static Uri? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        // The name is resolved by a SOCKS 5 proxy either way.
        var full = text.Contains("://", StringComparison.Ordinal) ? text.Replace("socks5h://", "socks5://", StringComparison.OrdinalIgnoreCase) : $"http://{text}";
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "socks4" or "socks4a" or "socks5"))
        {
            throw new FormatException("a URL such as http://host:3128 is needed; http, https, socks4, socks4a and socks5 proxies are understood");
        }

        var hasPort = full.TrimEnd('/').EndsWith($":{uri.Port}", StringComparison.Ordinal);
        return hasPort || uri.Scheme == "https" ? uri : new UriBuilder(uri) { Port = DefaultPort }.Uri;
    }

    /// <summary>The proxy with its user, which the URL may name too.</summary>
    public static WebProxy Create(Uri uri, CurlOptions options)
    {
        var fromUrl = Uri.UnescapeDataString(uri.UserInfo).Split(':', 2);
        var user = options.ProxyUser ?? fromUrl[0];
        var password = options.ProxyPassword?.Reveal() ?? fromUrl.ElementAtOrDefault(1) ?? "";
        return new WebProxy(uri) { Credentials = user.Length > 0 ? new NetworkCredential(user, password) : null };
    }
}

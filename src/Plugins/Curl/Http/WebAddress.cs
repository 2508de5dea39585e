using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Where something lies: a URL that is allowed, without the user and password that it may name.</summary>
internal sealed record WebAddress
{
    // What libcurl knows, so that a list made for nbdkit is understood; only the first three are served.
    private static readonly string[] KnownProtocols =
    [
        "http", "https", "file", "dict", "ftp", "ftps", "gopher", "gophers", "imap", "imaps", "ldap", "ldaps", "mqtt", "pop3", "pop3s", "rtmp",
        "rtmpe", "rtmps", "rtmpt", "rtmpte", "rtmpts", "rtsp", "scp", "sftp", "smb", "smbs", "smtp", "smtps", "telnet", "tftp", "ws", "wss",
    ];

    private readonly IReadOnlyList<string> _protocols;

    private WebAddress(Uri uri, IReadOnlyList<string> protocols)
    {
        _protocols = protocols;
        UserInfo = uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(uri.UserInfo) : null;
        Uri = uri.UserInfo.Length > 0 ? new UriBuilder(uri) { UserName = "", Password = "" }.Uri : uri;
    }

    /// <summary>The URL without user and password.</summary>
    public Uri Uri { get; }

    /// <summary><c>user</c> or <c>user:password</c> as the URL named them, or null.</summary>
    public string? UserInfo { get; }

    public bool IsTls => Uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>How messages name it: without the query, which may hold a signature or token.</summary>
    public string ForDisplay => Uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Reads the URL of the command line.</summary>
    /// <param name="text">The URL; as for curl, <c>http://</c> may be left out.</param>
    /// <param name="protocols">The value of <c>protocols=</c>.</param>
    /// <exception cref="ParameterException">It is none, or of a protocol that is not served or not allowed.</exception>
    public static WebAddress Parse(string text, string? protocols)
    {
        var hasScheme = text.Contains("://", StringComparison.Ordinal) || text.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        if (text.Length == 0 || !Uri.TryCreate(hasScheme ? text : $"http://{text}", UriKind.Absolute, out var uri))
        {
            throw new ParameterException("url= is not a URL; one such as https://host/disk.img is needed");
        }

        return Complaint(uri, ParseProtocols(protocols)) is { } complaint
            ? throw new ParameterException($"url={uri.Scheme}: {complaint}")
            : new WebAddress(uri, ParseProtocols(protocols));
    }

    /// <summary>Follows a redirect.</summary>
    /// <param name="location">The Location header, which may be relative.</param>
    /// <exception cref="NbdException">It leads to a protocol that is not served or not allowed.</exception>
    public WebAddress Redirected(Uri location)
    {
        var uri = new Uri(Uri, location);
        var complaint = uri.IsFile ? "files of this machine are not served" : Complaint(uri, _protocols);
        return complaint is null ? new WebAddress(uri, _protocols)
            : throw new NbdException(NbdError.EIO, $"{ForDisplay}: the server redirects to a {uri.Scheme} URL: {complaint}");
    }

    /// <summary>Reads a list of protocols.</summary>
    /// <exception cref="FormatException">One of them does not exist.</exception>
    public static IReadOnlyList<string> ParseProtocols(string? text)
    {
        if (text is null)
        {
            return KnownProtocols;
        }

        var names = text.ToLowerInvariant().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Except(KnownProtocols).FirstOrDefault() is { } unknown)
        {
            throw new FormatException($"there is no protocol '{unknown}'; http, https and file are served");
        }

        return names.Length > 0 ? names : throw new FormatException("at least one protocol is needed; http, https and file are served");
    }

    private static string? Complaint(Uri uri, IReadOnlyList<string> protocols)
        => uri.Scheme is not ("http" or "https" or "file") ? "this protocol is not served; http, https and file are"
            : !protocols.Contains(uri.Scheme) ? $"protocols= allows only {string.Join(", ", protocols)}"
            : uri.IsFile && uri.Host.Length > 0 && !uri.IsLoopback ? "a file URL names a file of this machine, such as file:///disk.img"
            : uri.Fragment.Length > 0 && uri.IsFile ? "a # in a file URL is written %23"
            : null;
}

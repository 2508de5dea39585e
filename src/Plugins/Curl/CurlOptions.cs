using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>What the curl plugin serves, and how it talks to the server.</summary>
public sealed record CurlOptions
{
    [Parameter("url", "The disk image, an http, https or file URL.", IsMagic = true, ValueName = "URL")]
    public required string Url { get; init; }

    [Parameter("cainfo", "File with the certificates (PEM) that are trusted instead of the system's; empty to trust none of them.", ValueName = "FILE")]
    public string? CaInfo
    {
        get;
        init => field = AbsoluteOrEmpty(value);
    }

    [Parameter("capath", "Directory with the certificates (PEM) that are trusted instead of the system's.", ValueName = "DIRECTORY")]
    public FilePath? CaPath { get; init; }

    [Parameter("connections", "How many requests to the server are under way at once, over all clients.")]
    public int Connections
    {
        get;
        init => field = value >= 1 ? value : throw new FormatException("at least one connection is needed");
    }

    = 4;

    [Parameter("cookie", "Cookies for every request, name=value pairs with \"; \" between them.")]
    public Secret? Cookie { get; init; }

    [Parameter("cookiefile", "Keep the cookies that the server sets, beginning with those of this file; empty to begin with none.", ValueName = "FILE")]
    public string? CookieFile
    {
        get;
        init => field = AbsoluteOrEmpty(value);
    }

    [Parameter("cookiejar", "As cookiefile=, and write the cookies back to the file when a client leaves.")]
    public FilePath? CookieJar { get; init; }

    [Parameter("cookie-script", "Shell script that prints the value for cookie=.", ValueName = "SCRIPT")]
    public string? CookieScript { get; init; }

    [Parameter("cookie-script-renew", "Run the cookie script again for requests that come this many seconds later; 0 for never.", ValueName = "SECONDS")]
    public uint? CookieScriptRenew { get; init; }

    [Parameter("followlocation", "Follow redirects.")]
    public bool FollowLocation { get; init; } = true;

    [Parameter("header", "A header for every request: 'Name: value', 'Name;' for an empty one, 'Name:' to leave out one of ours.", ValueName = "HEADER")]
    public IReadOnlyList<string> Headers { get; init; } = [];

    [Parameter("header-script", "Shell script that prints lines as for header=.", ValueName = "SCRIPT")]
    public string? HeaderScript { get; init; }

    [Parameter("header-script-renew", "Run the header script again for requests that come this many seconds later; 0 for never.", ValueName = "SECONDS")]
    public uint? HeaderScriptRenew { get; init; }

    [Parameter("http-version", "none, 1.0, 1.1, 2.0, 2TLS, 2-prior-knowledge, 3 or 3only.", ValueName = "VERSION")]
    public string HttpVersion
    {
        get;
        init
        {
            // Here and in others below, so that a mistake is reported together with those in other parameters.
            _ = HttpVersionChoice.Parse(value);
            field = value;
        }
    }

    = "none";

    [Parameter("ipresolve", "Which addresses of a host to use: any, v4 or v6.")]
    public IpFamily IpResolve { get; init; }

    [Parameter("password", "Password for the server.")]
    public Secret? Password { get; init; }

    [Parameter("protocols", "The protocols that url= and redirects may have, with commas between them.", ValueName = "PROTOCOL,...", DefaultText = "all")]
    public string? Protocols
    {
        get;
        init
        {
            _ = WebAddress.ParseProtocols(value);
            field = value;
        }
    }

    [Parameter("proxy", "The proxy, an http, https, socks4, socks4a or socks5 URL; empty for none.", ValueName = "URL", DefaultText = "as the environment says")]
    public string? Proxy
    {
        get;
        init
        {
            _ = ProxyAddress.Parse(value);
            field = value;
        }
    }

    [Parameter("proxy-password", "Password for the proxy.")]
    public Secret? ProxyPassword { get; init; }

    [Parameter("proxy-user", "User name for the proxy.", ValueName = "NAME")]
    public string? ProxyUser { get; init; }

    [Parameter("resolve", "HOST:PORT:ADDRESS[,ADDRESS...]: connect to these addresses when that host is meant; * is any host.", ValueName = "MAPPING")]
    public IReadOnlyList<string> Resolve { get; init; } = [];

    [Parameter("ssl-cipher-list", "Ciphers for TLS 1.2 and before, with colons between them, such as ECDHE-RSA-AES256-GCM-SHA384.", ValueName = "CIPHER:...")]
    public string? SslCipherList
    {
        get;
        init
        {
            _ = CipherNames.ParseTls12(value);
            field = value;
        }
    }

    [Parameter("ssl-version", "default, or the least version: tlsv1, tlsv1.0 to tlsv1.3; with max- in front the highest.", ValueName = "VERSION")]
    public string SslVersion
    {
        get;
        init
        {
            _ = TlsVersions.Parse(value);
            field = value;
        }
    }

    = "default";

    [Parameter("sslverify", "Check the server's certificate.")]
    public bool SslVerify { get; init; } = true;

    [Parameter("tcp-keepalive", "Send TCP keepalive probes.")]
    public bool TcpKeepAlive { get; init; }

    [Parameter("tcp-nodelay", "Send small packets at once.")]
    public bool TcpNoDelay { get; init; } = true;

    [Parameter("timeout", "Fail a request that takes longer than this many seconds; 0 for no limit.", ValueName = "SECONDS")]
    public uint Timeout { get; init; }

    [Parameter("tls13-ciphers", "Ciphers for TLS 1.3, with colons between them, such as TLS_AES_256_GCM_SHA384.", ValueName = "CIPHER:...")]
    public string? Tls13Ciphers
    {
        get;
        init
        {
            _ = CipherNames.ParseTls13(value);
            field = value;
        }
    }

    [Parameter("unix-socket-path", "Connect to the server over this Unix socket.")]
    public FilePath? UnixSocketPath { get; init; }

    [Parameter("user", "User name for the server.", ValueName = "NAME")]
    public string? User { get; init; }

    [Parameter("user-agent", "What the server is told about the client's program.")]
    public string? UserAgent { get; init; }

    private static string? AbsoluteOrEmpty(string? path) => string.IsNullOrEmpty(path) ? path : FilePath.Parse(path).Value;
}

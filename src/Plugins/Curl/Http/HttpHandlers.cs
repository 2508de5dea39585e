using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SharpNbd.Plugins;

/// <summary>Makes what sends requests: .NET's HTTP client with the parameters applied.</summary>
internal static class HttpHandlers
{
    // As libcurl: a host that drops packets is given up after five minutes, unless timeout= is shorter.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Makes a handler, which owns a pool of connections.</summary>
    /// <param name="options">The parameters.</param>
    /// <param name="trust">How certificates are checked, or null for the system's way.</param>
    /// <param name="cookies">Where cookies are kept, or null.</param>
    public static SocketsHttpHandler Create(CurlOptions options, X509ChainPolicy? trust, CookieContainer? cookies)
    {
        var handler = new SocketsHttpHandler
        {
            // Redirects are followed by WebClient, which checks where they lead.
            AllowAutoRedirect = false,
            UseCookies = cookies is not null,
            MaxConnectionsPerServer = options.Connections,
            ConnectTimeout = ConnectTimeout,
            ConnectCallback = new HttpDialer(options).ConnectAsync,
            InitialHttp2StreamWindowSize = RangeReader.LongestSegment,

            // What is left of an answer that is not wanted: a new connection costs less than reading it all.
            MaxResponseDrainSize = 64 << 10,
            ActivityHeadersPropagator = null,

            // What the user typed, as curl sends it.
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        };
        if (cookies is not null)
        {
            handler.CookieContainer = cookies;
        }

        if (ProxyAddress.Parse(options.Proxy) is { } proxy)
        {
            handler.Proxy = ProxyAddress.Create(proxy, options);
        }
        else
        {
            // Without the parameter the environment decides (http_proxy, https_proxy, all_proxy, no_proxy), except for a socket of this machine.
            handler.UseProxy = options.Proxy is null && options.UnixSocketPath is null;
            if (options.ProxyUser is { } user)
            {
                handler.DefaultProxyCredentials = new NetworkCredential(user, options.ProxyPassword?.Reveal() ?? "");
            }
        }

        handler.SslOptions = Tls(options, trust);
        return handler;
    }

    private static SslClientAuthenticationOptions Tls(CurlOptions options, X509ChainPolicy? trust)
    {
        var tls = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = TlsVersions.Parse(options.SslVersion),
            CertificateChainPolicy = trust,
        };
        if (!options.SslVerify)
        {
#pragma warning disable CA5359 // The user asked for it by sslverify=false.
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        if (CipherNames.AreSupported && (options.SslCipherList ?? options.Tls13Ciphers) is not null)
        {
            tls.CipherSuitesPolicy = new CipherSuitesPolicy(
                [.. CipherNames.ParseTls13(options.Tls13Ciphers), .. CipherNames.ParseTls12(options.SslCipherList)]);
        }

        return tls;
    }
}

using System.Net.Quic;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>What must hold between several parameters, or between them and the platform.</summary>
internal static class CurlChecks
{
    /// <summary>Finds everything that is wrong.</summary>
    /// <exception cref="ParameterException">A line for each.</exception>
    public static void Check(CurlOptions options, WebAddress address)
    {
        var errors = new List<string>();
        Refuse(options is { Cookie: not null, CookieScript: not null }, "cookie= and cookie-script= cannot be used together");
        Refuse(options is { Headers.Count: > 0, HeaderScript: not null }, "header= and header-script= cannot be used together");
        Refuse(options is { CookieScript: null, CookieScriptRenew: not null }, "cookie-script-renew= needs cookie-script=");
        Refuse(options is { HeaderScript: null, HeaderScriptRenew: not null }, "header-script-renew= needs header-script=");
        Refuse(options is { UnixSocketPath: not null, Proxy.Length: > 0 }, "unix-socket-path= and proxy= cannot be used together");
        Refuse(options.ProxyPassword is not null && options.ProxyUser is null, "proxy-password= needs proxy-user=");
        Refuse(
            (options.Tls13Ciphers ?? options.SslCipherList) is not null && !CipherNames.AreSupported,
            "tls13-ciphers= and ssl-cipher-list= cannot be used here: the platform's TLS does not let a program choose ciphers");
        CheckHttp3(options, address, Refuse);
        Try(() => options.Headers.Select(HeaderLine.Parse).ToArray());
        Try(() => options.Resolve.Select(HostMapping.Parse).ToArray());

        if (errors.Count > 0)
        {
            throw new ParameterException(errors);
        }

        void Refuse(bool isWrong, string message)
        {
            if (isWrong)
            {
                errors.Add(message);
            }
        }

        void Try<T>(Func<T> check)
        {
            try
            {
                _ = check();
            }
            catch (ParameterException e)
            {
                errors.AddRange(e.Errors);
            }
        }
    }

    // Not a property of the options record: asking loads the library.
    private static void CheckHttp3(CurlOptions options, WebAddress address, Action<bool, string> refuse)
    {
        if (!HttpVersionChoice.Parse(options.HttpVersion).IsHttp3)
        {
            return;
        }

        refuse(!HasQuic(), $"http-version={options.HttpVersion}: there is no HTTP/3 here, for which .NET needs the library msquic");
        refuse(!address.IsTls, $"http-version={options.HttpVersion}: HTTP/3 needs an https URL");
        refuse(
            options is not { UnixSocketPath: null, Resolve.Count: 0, IpResolve: IpFamily.Any },
            $"http-version={options.HttpVersion}: unix-socket-path=, resolve= and ipresolve= do not work with HTTP/3");
    }

    private static bool HasQuic()
        => (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsWindows()) && QuicConnection.IsSupported;
}

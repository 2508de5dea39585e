using SharpNbd.Client;

namespace SharpNbd.Plugins;

/// <summary>What the parameters say about TLS towards the server.</summary>
internal static class UpstreamTls
{
    /// <summary>Reads <c>tls=</c>, for which nbdkit takes booleans as well.</summary>
    /// <exception cref="FormatException">It is none of the words.</exception>
    public static NbdTlsMode? Parse(string? text) => text?.ToLowerInvariant() switch
    {
        null => null,
        "require" => NbdTlsMode.Require,
        "on" or "true" or "t" or "yes" or "y" or "1" => NbdTlsMode.On,
        "off" or "false" or "f" or "no" or "n" or "0" => NbdTlsMode.Off,
        _ => throw new FormatException("off, on or require is needed"),
    };

    /// <summary>What the parameters and the URI say together: the parameters name files, a URI of nbds requires TLS.</summary>
    public static NbdTlsOptions Of(NbdOptions options, NbdTlsOptions? uri)
    {
        var isNamed = options is not { TlsCertificates: null, TlsVerify: null, TlsUserName: null, TlsPsk: null };
        return new NbdTlsOptions
        {
            Mode = uri is { Mode: NbdTlsMode.Require } ? NbdTlsMode.Require
                : Parse(options.Tls) ?? (isNamed ? NbdTlsMode.On : NbdTlsMode.Off),
            CertificateDirectory = options.TlsCertificates?.Value ?? uri?.CertificateDirectory,
            VerifyServer = options.TlsVerify ?? uri?.VerifyServer ?? true,
            UserName = options.TlsUserName ?? uri?.UserName,
            PskFile = options.TlsPsk?.Value ?? uri?.PskFile,
            HostName = uri?.HostName,
        };
    }
}

namespace SharpNbd.Server;

/// <summary>What the command line says about TLS; paths are absolute.</summary>
internal sealed record TlsOptions
{
    /// <summary><c>--tls</c>; null where it was not given, which is on when there are credentials and off otherwise.</summary>
    public TlsMode? Mode { get; init; }

    /// <summary><c>--tls-certificates</c>; null for the usual places.</summary>
    public string? CertificateDirectory { get; init; }

    /// <summary><c>--tls-psk</c>, which goes before certificates; or null.</summary>
    public string? PskFile { get; init; }

    /// <summary><c>--tls-verify-peer</c>: clients need a certificate, too.</summary>
    public bool VerifyPeer { get; init; }

    /// <summary><c>--tls-priority</c>: the versions and suites that may be chosen.</summary>
    public TlsPriority Priority { get; init; } = TlsPriority.Default;
}

namespace SharpNbd.Client;

/// <summary>How a connection is encrypted, and who trusts whom.</summary>
public sealed record NbdTlsOptions
{
    /// <summary>Whether it is encrypted.</summary>
    public NbdTlsMode Mode { get; init; }

    /// <summary>
    /// A directory with ca-cert.pem, by which the server is trusted, and client-cert.pem and client-key.pem, which are shown to it, all as
    /// they are there. Null for <c>~/.pki/libnbd</c>, <c>~/.config/pki/libnbd</c> and, for root, <c>/etc/pki/libnbd</c>, and the authorities
    /// of the system where there is none of them.
    /// </summary>
    public string? CertificateDirectory { get; init; }

    /// <summary>The server's certificate is checked. Without that, anyone may pretend to be the server.</summary>
    public bool VerifyServer { get; init; } = true;

    /// <summary>The name that the server's certificate has to hold; null for the name that was connected to.</summary>
    public string? HostName { get; init; }

    /// <summary>Who we are, for pre-shared keys; null for the name of the user who runs the program.</summary>
    public string? UserName { get; init; }

    /// <summary>A file of pre-shared keys, a line <c>user:key</c> each; with it there are no certificates.</summary>
    public string? PskFile { get; init; }
}

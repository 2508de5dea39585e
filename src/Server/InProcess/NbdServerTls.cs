using System.Security.Cryptography.X509Certificates;

namespace SharpNbd.Server;

/// <summary>How a server within a program does TLS.</summary>
public sealed record NbdServerTls
{
    private readonly Func<TlsCredentials> _load;
    private readonly (string Key, string Path)? _uriParameter;

    private NbdServerTls(Func<TlsCredentials> load, (string Key, string Path)? uriParameter = null)
    {
        _load = load;
        _uriParameter = uriParameter;
    }

    /// <summary>Clients have to encrypt, as they do unless this is set to false; otherwise each decides for itself.</summary>
    public bool IsRequired { get; init; } = true;

    /// <summary>Shows a certificate that the program holds.</summary>
    /// <param name="certificate">The server's, with its private key of RSA or ECDSA, which has to be exportable. It is read when the server starts.</param>
    /// <param name="chain">The certificates between it and the authority that clients trust; null where there are none.</param>
    /// <param name="clientAuthorities">Who signs the certificates that clients need; null where they need none.</param>
    public static NbdServerTls FromCertificate(
        X509Certificate2 certificate, X509Certificate2Collection? chain = null, X509Certificate2Collection? clientAuthorities = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return new NbdServerTls(() => CertificateCredentials.Of(certificate, chain ?? [], clientAuthorities));
    }

    /// <summary>Shows the certificate in a directory: <c>ca-cert.pem</c>, <c>server-cert.pem</c>, <c>server-key.pem</c> and perhaps <c>ca-crl.pem</c>.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="verifyPeer">Clients need a certificate, too, signed by the same authority.</param>
    public static NbdServerTls FromDirectory(string path, bool verifyPeer = false)
    {
        var directory = Path.GetFullPath(path);
        return new NbdServerTls(() => CertificateCredentials.Load(directory, verifyPeer, TlsPriority.Default), ("tls-certificates", directory));
    }

    /// <summary>Lets in who has a key: lines of <c>USER:KEY</c>, the key in hexadecimal digits. The file is read again for each client.</summary>
    /// <param name="path">The file.</param>
    public static NbdServerTls FromPskFile(string path)
    {
        var file = Path.GetFullPath(path);
        return new NbdServerTls(() => PskCredentials.Load(file, TlsPriority.Default), ("tls-psk-file", file));
    }

    /// <summary>Reads and checks what there is to be read.</summary>
    /// <exception cref="StartupException">Something is missing or makes no sense.</exception>
    internal TlsSupport Load() => new(IsRequired ? TlsMode.Require : TlsMode.On, _load()) { UriParameter = _uriParameter };
}

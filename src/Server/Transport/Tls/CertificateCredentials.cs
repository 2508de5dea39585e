using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SharpNbd.Server;

/// <summary>X.509 certificates, by the framework's TLS.</summary>
internal sealed class CertificateCredentials : TlsCredentials
{
    private readonly SslServerAuthenticationOptions _options;
    private readonly ClientCertificateCheck? _clients;

    private CertificateCredentials(SslStreamCertificateContext certificate, ClientCertificateCheck? clients, TlsPriority priority)
    {
        _clients = clients;
        _options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate,
            EnabledSslProtocols = priority.Protocols,
            CipherSuitesPolicy = priority.CertificatePolicy(),
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
            AllowRenegotiation = false,

            // Connections are few and long: there is nothing to gain, and a session must not outlive what it was checked by.
            AllowTlsResume = false,
            ClientCertificateRequired = clients is not null,
            CertificateChainPolicy = clients?.Policy,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
    }

    /// <summary>Reads the files of a directory.</summary>
    /// <exception cref="StartupException">One of them is missing or makes no sense.</exception>
    public static CertificateCredentials Load(string directory, bool verifiesPeer, TlsPriority priority)
    {
        var authorities = ReadCertificates(directory, CertificateDirectory.AuthorityFile);
        var chain = ReadCertificates(directory, CertificateDirectory.CertificateFile);
        var certificate = WithKey(directory, chain[0]);
        chain.RemoveAt(0);
        var clients = verifiesPeer ? new ClientCertificateCheck(authorities, RevocationList.Load(directory, authorities)) : null;

        // Offline: what is missing of a chain is not asked for in the network, whatever the certificate says.
        return new CertificateCredentials(SslStreamCertificateContext.Create(certificate, chain, offline: true), clients, priority);
    }

    /// <summary>Takes what a program holds.</summary>
    /// <param name="certificate">The server's, with its key.</param>
    /// <param name="chain">What lies between it and the authority.</param>
    /// <param name="clientAuthorities">Who signs the certificates that clients need; null where they need none.</param>
    /// <exception cref="StartupException">The certificate has no key.</exception>
    public static CertificateCredentials Of(
        X509Certificate2 certificate, X509Certificate2Collection chain, X509Certificate2Collection? clientAuthorities)
        => certificate.HasPrivateKey
            ? new CertificateCredentials(
                SslStreamCertificateContext.Create(certificate, chain, offline: true),
                clientAuthorities is null ? null : new ClientCertificateCheck(clientAuthorities, null),
                TlsPriority.Default)
            : throw new StartupException($"the certificate {certificate.Subject} has no private key, which a server needs");

    public override TlsSession Accept(TlsWire wire)
    {
        string? refusal = null;
        var stream = new SslStream(
            wire,
            leaveInnerStreamOpen: true,
            (_, certificate, chain, errors) => (refusal = _clients?.Refuse(certificate, chain, errors)) is null);
        try
        {
            stream.AuthenticateAsServer(_options);
            return new CertificateSession(stream);
        }
        catch (Exception e)
        {
            stream.Dispose();
            if (e is IOException)
            {
                throw;
            }

            throw new ProtocolViolationException($"the TLS handshake failed: {refusal ?? Innermost(e).Message}");
        }
    }

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    private static X509Certificate2Collection ReadCertificates(string directory, string file)
    {
        var path = Path.Combine(directory, file);
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(File.ReadAllText(path));
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException(e is CryptographicException ? $"{path} is no certificate in PEM form: {e.Message}" : e.Message);
        }

        return certificates.Count > 0 ? certificates : throw new StartupException($"{path} holds no certificate in PEM form");
    }

    private static X509Certificate2 WithKey(string directory, X509Certificate2 certificate)
    {
        var path = Path.Combine(directory, CertificateDirectory.KeyFile);
        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), File.ReadAllText(path));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new StartupException($"{path} does not hold the key of {CertificateDirectory.CertificateFile}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(e.Message);
        }
    }

    /// <summary>A session of the framework's TLS.</summary>
    private sealed class CertificateSession(SslStream stream)
        : TlsSession(stream, $"{stream.SslProtocol} {stream.NegotiatedCipherSuite}")
    {
        // The wire only queues, so that nothing is left to wait for.
        protected override void SayGoodbye() => stream.ShutdownAsync().GetAwaiter().GetResult();
    }
}

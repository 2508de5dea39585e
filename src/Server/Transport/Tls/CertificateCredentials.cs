using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SharpNbd.Server;

/// <summary>X.509 certificates.</summary>
internal sealed class CertificateCredentials : TlsCredentials
{
    private readonly TlsContext _context;

    // Whom callbacks of the context refer to.
    private CertificateCredentials(TlsContext context) => _context = context;

    /// <summary>Reads the files of a directory.</summary>
    /// <exception cref="StartupException">One of them is missing or makes no sense.</exception>
    public static CertificateCredentials Load(string directory, bool verifiesPeer, TlsPriority priority)
    {
        var context = new TlsContext(priority.CertificateSuites);
        var authorities = PemReader.Certificates(Path.Combine(directory, CertificateDirectory.AuthorityFile));
        var chain = PemReader.Certificates(Path.Combine(directory, CertificateDirectory.CertificateFile));
        var keyPath = Path.Combine(directory, CertificateDirectory.KeyFile);
        using (var key = PemReader.Key(keyPath))
        {
            if (key is null || !context.Show(chain, key))
            {
                throw new StartupException(
                    $"{keyPath} does not hold the key of {CertificateDirectory.CertificateFile}: {OpenSslText.TakeError()}");
            }
        }

        if (verifiesPeer)
        {
            ClientCertificateCheck.Demand(context, authorities, RevocationLists.Load(directory, authorities));
        }

        Free(authorities);
        Free(chain);
        return new CertificateCredentials(context);
    }

    /// <summary>Takes what a program holds.</summary>
    /// <param name="certificate">The server's, with its key.</param>
    /// <param name="chain">What lies between it and the authority.</param>
    /// <param name="clientAuthorities">Who signs the certificates that clients need; null where they need none.</param>
    /// <exception cref="StartupException">The certificate has no key, or one that cannot be exported.</exception>
    public static CertificateCredentials Of(
        X509Certificate2 certificate, X509Certificate2Collection chain, X509Certificate2Collection? clientAuthorities)
    {
        var context = new TlsContext(TlsPriority.Default.CertificateSuites);
        List<OpenSslObject> shown = [.. Convert(certificate), .. chain.SelectMany(Convert)];
        var text = KeyOf(certificate);
        try
        {
            using var key = PemReader.Key(text);
            if (key is null || !context.Show(shown, key))
            {
                throw new StartupException($"OpenSSL does not take the certificate {certificate.Subject} and its key: {OpenSslText.TakeError()}");
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }

        if (clientAuthorities is not null)
        {
            List<OpenSslObject> authorities = [.. clientAuthorities.SelectMany(Convert)];
            ClientCertificateCheck.Demand(context, authorities, []);
            Free(authorities);
        }

        Free(shown);
        return new CertificateCredentials(context);
    }

    public override TlsSession Accept(TlsWire wire) => OpenSslSession.Accept(_context, wire);

    private static List<OpenSslObject> Convert(X509Certificate2 certificate)
        => PemReader.Certificates(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()), certificate.Subject);

    private static byte[] KeyOf(X509Certificate2 certificate)
    {
        using AsymmetricAlgorithm? key = certificate.GetRSAPrivateKey() ?? (AsymmetricAlgorithm?)certificate.GetECDsaPrivateKey();
        if (key is null)
        {
            throw new StartupException(certificate.HasPrivateKey
                ? $"the private key of the certificate {certificate.Subject} is none of RSA or ECDSA"
                : $"the certificate {certificate.Subject} has no private key, which a server needs");
        }

        try
        {
            return Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());
        }
        catch (CryptographicException e)
        {
            throw new StartupException($"the private key of the certificate {certificate.Subject} cannot be exported: {e.Message}");
        }
    }

    private static void Free(List<OpenSslObject> objects) => objects.ForEach(one => one.Dispose());
}

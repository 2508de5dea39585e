using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SharpNbd.Client;

/// <summary>TLS with certificates, by the framework.</summary>
internal static class CertificateTls
{
    private const string AuthorityFile = "ca-cert.pem";
    private const string CertificateFile = "client-cert.pem";
    private const string KeyFile = "client-key.pem";

    /// <summary>Does the handshake.</summary>
    /// <param name="wire">The connection.</param>
    /// <param name="stream">The same as a stream.</param>
    /// <param name="options">The credentials.</param>
    /// <param name="host">The name that the certificate has to hold; null where any will do that the authority has signed.</param>
    public static EncryptedWire Connect(ClientWire wire, Stream stream, NbdTlsOptions options, string? host)
    {
        string? refusal = null;
        var directory = options.CertificateDirectory ?? UsualDirectory();
        var secured = new SslStream(
            stream, leaveInnerStreamOpen: true, (_, _, chain, errors) => (refusal = Refuse(chain, errors, options.VerifyServer, host)) is null);
        try
        {
            secured.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = host ?? "",
                ClientCertificateContext = directory is null ? null : OwnCertificate(directory),
                CertificateChainPolicy = Policy(directory),
                EncryptionPolicy = EncryptionPolicy.RequireEncryption,
                AllowRenegotiation = false,
                AllowTlsResume = false,
            });
            return new EncryptedWire(wire, secured, secured.Dispose);
        }
        catch (Exception e) when (refusal is not null)
        {
            secured.Dispose();
            throw new NbdConnectionException($"the server's certificate is refused: {refusal} (tls-verify=false does not look at it)", e);
        }
        catch
        {
            secured.Dispose();
            throw;
        }
    }

    private static string? Refuse(X509Chain? chain, SslPolicyErrors errors, bool isVerifying, string? host)
    {
        // A Unix socket has no name that a certificate could hold.
        errors &= host is null ? ~SslPolicyErrors.RemoteCertificateNameMismatch : ~SslPolicyErrors.None;
        return !isVerifying || errors == SslPolicyErrors.None ? null
            : (errors & SslPolicyErrors.RemoteCertificateNotAvailable) != 0 ? "it has none"
            : (errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0 ? $"it is not for '{host}'"
            : chain?.ChainStatus is [var status, ..] ? status.StatusInformation.TrimEnd('.', ' ', '\n')
            : "it is not trusted";
    }

    // What is missing of a chain is not asked for in the network, whatever a certificate says.
    private static X509ChainPolicy Policy(string? directory)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (directory is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Read(Path.Combine(directory, AuthorityFile)));
        }

        return policy;
    }

    private static SslStreamCertificateContext? OwnCertificate(string directory)
    {
        var (certificateFile, keyFile) = (Path.Combine(directory, CertificateFile), Path.Combine(directory, KeyFile));
        if (!File.Exists(certificateFile))
        {
            return null;
        }

        try
        {
            var chain = Read(certificateFile);
            var own = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), File.ReadAllText(keyFile));
            chain.RemoveAt(0);
            return SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new NbdConnectionException($"{keyFile} does not hold the key of {CertificateFile}: {e.Message}", e);
        }
    }

    private static X509Certificate2Collection Read(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(File.ReadAllText(file));
        }
        catch (CryptographicException e)
        {
            throw new NbdConnectionException($"{file} is no certificate in PEM form: {e.Message}", e);
        }

        return certificates.Count > 0 ? certificates : throw new NbdConnectionException($"{file} holds no certificate in PEM form");
    }

    private static string? UsualDirectory()
    {
        var home = Environment.GetEnvironmentVariable("HOME");
        List<string> places = string.IsNullOrEmpty(home) ? [] : [Path.Combine(home, ".pki/libnbd"), Path.Combine(home, ".config/pki/libnbd")];
        if (Environment.IsPrivilegedProcess)
        {
            places.Add("/etc/pki/libnbd");
        }

        return places.Find(place => File.Exists(Path.Combine(place, AuthorityFile)));
    }
}

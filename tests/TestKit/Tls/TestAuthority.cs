using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SharpNbd.TestKit;

/// <summary>
/// A certificate authority that lives as long as a test. It writes its files under the names that nbdkit, libnbd and qemu look for.
/// </summary>
public sealed class TestAuthority : IDisposable
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    private readonly CertificateRevocationListBuilder _revoked = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Makes the authority's own certificate.</summary>
    public TestAuthority(string name = "CN=authority")
    {
        var request = new CertificateRequest(name, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Certificate = request.CreateSelfSigned(_now - (2 * Day), _now + (2 * Day));
    }

    /// <summary>The authority's own certificate.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>A certificate for a server on this machine, with its key.</summary>
    /// <param name="isRsa">Its key is one of RSA, which take long to make.</param>
    public X509Certificate2 IssueServer(bool isRsa = false) => Issue("CN=localhost", ServerUsage, _now + Day, isRsa);

    /// <summary>A certificate for a client, with its key.</summary>
    public X509Certificate2 IssueClient(string name = "CN=client") => Issue(name, ClientUsage, _now + Day, isRsa: false);

    /// <summary>A certificate for a client that ended yesterday.</summary>
    public X509Certificate2 IssueExpiredClient() => Issue("CN=late", ClientUsage, _now - Day, isRsa: false);

    /// <summary>Puts a certificate on the list of what is not valid any more; <see cref="WriteRevocations"/> writes the list.</summary>
    public void Revoke(X509Certificate2 certificate) => _revoked.AddEntry(certificate);

    /// <summary>Writes what a server needs into a directory, and returns it.</summary>
    public string WriteServer(string directory, bool isRsa = false)
    {
        using var server = IssueServer(isRsa);
        return Write(directory, "server", server);
    }

    /// <summary>Writes what a client needs into a directory, and returns it.</summary>
    public string WriteClient(string directory)
    {
        using var client = IssueClient();
        return Write(directory, "client", client);
    }

    /// <summary>Writes the list of what was revoked beside the certificates of a server.</summary>
    public void WriteRevocations(string directory, TimeSpan? endsIn = null)
        => File.WriteAllText(Path.Combine(directory, "ca-crl.pem"), PemEncoding.WriteString("X509 CRL", _revoked.Build(
            Certificate, 1, _now + (endsIn ?? Day), HashAlgorithmName.SHA256, thisUpdate: _now - (2 * Day))));

    /// <summary>Writes the authority and one certificate with its key into a directory, and returns it.</summary>
    public string Write(string directory, string who, X509Certificate2 certificate)
    {
        Directory.CreateDirectory(directory);
        AsymmetricAlgorithm key = (AsymmetricAlgorithm?)certificate.GetRSAPrivateKey() ?? certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(Path.Combine(directory, "ca-cert.pem"), Certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, $"{who}-cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, $"{who}-key.pem"), key.ExportPkcs8PrivateKeyPem());
        return directory;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Issue(string name, string usage, DateTimeOffset end, bool isRsa)
    {
        if (isRsa)
        {
            using var rsa = RSA.Create(2048);
            var request = new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var signed = Sign(request, usage, end);
            return signed.CopyWithPrivateKey(rsa);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Sign(new CertificateRequest(name, key, HashAlgorithmName.SHA256), usage, end);
        return certificate.CopyWithPrivateKey(key);
    }

    private X509Certificate2 Sign(CertificateRequest request, string usage, DateTimeOffset end)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(usage)], critical: false));
        return request.Create(
            Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), _now - (2 * Day), end, RandomNumberGenerator.GetBytes(8));
    }
}

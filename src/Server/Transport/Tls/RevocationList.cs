using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using X509Certificate = Org.BouncyCastle.X509.X509Certificate;

namespace SharpNbd.Server;

/// <summary>
/// The certificates that authorities have taken back (<c>ca-crl.pem</c>). The framework can only fetch such lists from the
/// network, so reading and checking one is done here.
/// </summary>
internal sealed class RevocationList
{
    private readonly IReadOnlyList<X509Crl> _lists;
    private readonly TimeProvider _time;

    private RevocationList(IReadOnlyList<X509Crl> lists, TimeProvider time)
    {
        _lists = lists;
        _time = time;
    }

    /// <summary>Reads the lists of a directory, each of which one of the authorities must have signed; null where there are none.</summary>
    /// <exception cref="StartupException">They make no sense.</exception>
    public static RevocationList? Load(string directory, X509Certificate2Collection authorities, TimeProvider? time = null)
    {
        var path = Path.Combine(directory, CertificateDirectory.RevocationFile);
        if (!File.Exists(path))
        {
            return null;
        }

        IReadOnlyList<X509Crl> lists;
        try
        {
            lists = [.. new X509CrlParser().ReadCrls(File.ReadAllBytes(path))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or GeneralSecurityException or ArgumentException)
        {
            throw new StartupException($"{path} cannot be read as a revocation list in PEM form: {e.Message}");
        }

        if (lists.Count == 0)
        {
            throw new StartupException($"{path} holds no revocation list in PEM form");
        }

        if (lists.Any(list => !authorities.Any(authority => IsSignedBy(list, authority))))
        {
            throw new StartupException($"{path} was signed by nobody in {CertificateDirectory.AuthorityFile}");
        }

        return new RevocationList(lists, time ?? TimeProvider.System);
    }

    /// <summary>Why a chain is not accepted; null when nothing in it was revoked.</summary>
    public string? Refuse(X509Chain chain)
        => chain.ChainElements.Select(element => new X509Certificate(element.Certificate.RawData))
            .Select(Refuse).FirstOrDefault(refusal => refusal is not null);

    private string? Refuse(X509Certificate certificate)
    {
        foreach (var list in _lists.Where(list => list.IssuerDN.Equivalent(certificate.IssuerDN)))
        {
            if (list.IsRevoked(certificate))
            {
                return $"the client's certificate '{certificate.SubjectDN}' was revoked";
            }

            // A list that is too old may lack the name that matters.
            if (list.NextUpdate is { } end && end < _time.GetUtcNow())
            {
                return $"the revocation list of '{list.IssuerDN}' ended on {end:yyyy-MM-dd}, a newer one is needed";
            }
        }

        return null;
    }

    private static bool IsSignedBy(X509Crl list, X509Certificate2 authority)
    {
        var signer = new X509Certificate(authority.RawData);
        return list.IssuerDN.Equivalent(signer.SubjectDN) && list.IsSignatureValid(signer.GetPublicKey());
    }
}

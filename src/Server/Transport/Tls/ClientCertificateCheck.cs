using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace SharpNbd.Server;

/// <summary>
/// Decides about the certificates of clients (<c>--tls-verify-peer</c>): they must be valid now, for clients, signed by one of
/// the authorities, and not revoked. What name they carry does not matter, as in nbdkit.
/// </summary>
internal sealed class ClientCertificateCheck
{
    private readonly RevocationList? _revoked;

    public ClientCertificateCheck(X509Certificate2Collection authorities, RevocationList? revoked)
    {
        _revoked = revoked;
        Policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,

            // The list in the file is checked here, for the framework takes none.
            RevocationMode = X509RevocationMode.NoCheck,

            // A stranger's certificate must not make the server call addresses that stand in it.
            DisableCertificateDownloads = true,
        };
        Policy.CustomTrustStore.AddRange(authorities);
    }

    /// <summary>How a client's certificate is linked to an authority; that it is for clients is added by the framework.</summary>
    public X509ChainPolicy Policy { get; }

    /// <summary>Why a certificate is not accepted; null when it is.</summary>
    /// <param name="certificate">What the client showed.</param>
    /// <param name="chain">Its way to an authority, as far as there is one.</param>
    /// <param name="errors">What the framework found.</param>
    public string? Refuse(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || chain is null)
        {
            return "the client showed no certificate";
        }

        if (errors != SslPolicyErrors.None)
        {
            var why = chain.ChainStatus.Select(status => status.StatusInformation.Trim()).FirstOrDefault() ?? $"{errors}";
            return $"the client's certificate '{certificate.Subject}' is not accepted: {why}";
        }

        return _revoked?.Refuse(chain);
    }
}

using System.Net.Security;
using System.Security.Authentication;
using Org.BouncyCastle.Tls;

namespace SharpNbd.Server;

/// <summary>What one handshake with pre-shared keys may agree on. The base class knows TLS 1.2 only.</summary>
internal sealed class PskServer(FrameworkTlsCrypto crypto, PskUsers users, TlsPriority priority) : PskTlsServer(crypto, users)
{
    /// <summary>The version and suite, for the log.</summary>
    public string Description
    {
        get
        {
            var agreed = m_context.SecurityParameters;
            return $"{agreed.NegotiatedVersion} {(TlsCipherSuite)agreed.CipherSuite}";
        }
    }

    /// <summary>The identities of TLS 1.3, of which one is taken ("pre_shared_key").</summary>
    public override TlsPskExternal GetExternalPsk(IList<PskIdentity> identities)
    {
        var (identity, key) = users.Find([.. identities.Select(offered => offered.Identity)]);
        return new BasicTlsPskExternal(identity, Crypto.CreateSecret(key));
    }

    protected override ProtocolVersion[] GetSupportedVersions()
        => [.. priority.PskSuites.Select(suite => suite.Protocol).Distinct().Order().Reverse().Select(VersionOf)];

    protected override int[] GetSupportedCipherSuites() => [.. priority.PskSuites.Select(suite => (int)suite.Id)];

    protected override bool PreferLocalCipherSuites() => true;

    private static ProtocolVersion VersionOf(SslProtocols protocol)
        => protocol == SslProtocols.Tls13 ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12;
}

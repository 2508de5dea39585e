using System.Text;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace SharpNbd.Server.Tests;

/// <summary>A client that proves itself with a pre-shared key, and remembers how it is refused.</summary>
internal sealed class PskClient(string user, byte[] key, ProtocolVersion version)
    : PskTlsClient(new BcTlsCrypto(), new BasicTlsPskIdentity(Encoding.UTF8.GetBytes(user), key))
{
    /// <summary>The alert of the server.</summary>
    public short? Alert { get; private set; }

    /// <summary>The handshake; the result is the encrypted stream.</summary>
    public Stream Encrypt(Stream connection)
    {
        var protocol = new TlsClientProtocol(connection);
        protocol.Connect(this);
        return protocol.Stream;
    }

    public override IList<TlsPskExternal> GetExternalPsks()
        => [new BasicTlsPskExternal(Encoding.UTF8.GetBytes(user), Crypto.CreateSecret(key))];

    public override void NotifyAlertReceived(short alertLevel, short alertDescription) => Alert = alertDescription;

    protected override ProtocolVersion[] GetSupportedVersions() => [version];

    protected override int[] GetSupportedCipherSuites() => version == ProtocolVersion.TLSv13
        ? [CipherSuite.TLS_AES_128_GCM_SHA256]
        : [CipherSuite.TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384, CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256];
}

using System.Text;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace SharpNbd.Server.Tests;

/// <summary>A client that proves itself with a pre-shared key, and remembers how it is refused.</summary>
internal sealed class PskClient(string user, byte[] key, ProtocolVersion version)
    : PskTlsClient(new BcTlsCrypto(), new BasicTlsPskIdentity(Encoding.UTF8.GetBytes(user), key))
{
    private Protocol? _protocol;

    /// <summary>The alert of the server.</summary>
    public short? Alert { get; private set; }

    /// <summary>The handshake; the result is the encrypted stream.</summary>
    public Stream Encrypt(Stream connection)
    {
        _protocol = new Protocol(connection);
        _protocol.Connect(this);
        return _protocol.Stream;
    }

    /// <summary>Asks for one KeyUpdate after the other (RFC 8446, section 4.6.3) and reads none of the answers.</summary>
    public void AskForNewKeys(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _protocol!.AskForNewKeys();
        }
    }

    public override IList<TlsPskExternal> GetExternalPsks()
        => [new BasicTlsPskExternal(Encoding.UTF8.GetBytes(user), Crypto.CreateSecret(key))];

    public override void NotifyAlertReceived(short alertLevel, short alertDescription) => Alert = alertDescription;

    protected override ProtocolVersion[] GetSupportedVersions() => [version];

    protected override int[] GetSupportedCipherSuites() => version == ProtocolVersion.TLSv13
        ? [CipherSuite.TLS_AES_128_GCM_SHA256]
        : [CipherSuite.TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384, CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256];

    private sealed class Protocol(Stream connection) : TlsClientProtocol(connection)
    {
        public void AskForNewKeys() => Send13KeyUpdate(true);
    }
}

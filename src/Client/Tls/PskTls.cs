using System.Text;
using Org.BouncyCastle.Tls;

namespace SharpNbd.Client;

/// <summary>TLS with pre-shared keys, by Bouncy Castle: the framework's has none.</summary>
internal static class PskTls
{
    /// <summary>Does the handshake.</summary>
    public static EncryptedWire Connect(ClientWire wire, Stream stream, PskKey key)
    {
        var crypto = new FrameworkTlsCrypto();
        var protocol = new TlsClientProtocol(stream);
        try
        {
            protocol.Connect(new PskClient(crypto, key));
        }
        catch
        {
            crypto.Dispose();
            throw;
        }

        return new EncryptedWire(wire, protocol.Stream, crypto.Dispose);
    }

    /// <summary>What we offer: authenticated encryption only, and what costs least first.</summary>
    private sealed class PskClient(FrameworkTlsCrypto crypto, PskKey key)
        : PskTlsClient(crypto, new BasicTlsPskIdentity(Encoding.UTF8.GetBytes(key.User), key.Key))
    {
        // In TLS 1.3 a key belongs to a hash function, which is SHA-256 for keys that come from elsewhere (RFC 8446, "Pre-Shared Key Extension").
        public override IList<TlsPskExternal> GetExternalPsks()
            => [new BasicTlsPskExternal(Encoding.UTF8.GetBytes(key.User), Crypto.CreateSecret((byte[])key.Key.Clone()))];

        public override TlsAuthentication GetAuthentication() => throw new TlsFatalAlert(AlertDescription.internal_error);

        protected override ProtocolVersion[] GetSupportedVersions() => ProtocolVersion.TLSv13.DownTo(ProtocolVersion.TLSv12);

        protected override int[] GetSupportedCipherSuites() =>
        [
            CipherSuite.TLS_AES_128_GCM_SHA256,
            CipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_DHE_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_DHE_PSK_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_DHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256,
            CipherSuite.TLS_PSK_WITH_AES_256_GCM_SHA384,
            CipherSuite.TLS_PSK_WITH_CHACHA20_POLY1305_SHA256,
        ];
    }
}

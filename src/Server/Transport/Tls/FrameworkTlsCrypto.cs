using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace SharpNbd.Server;

/// <summary>
/// The cryptography of Bouncy Castle's TLS with one exception: AES-GCM, through which all data goes, is the framework's, which has
/// it in the processor's own instructions.
/// </summary>
internal sealed class FrameworkTlsCrypto : BcTlsCrypto
{
    protected override TlsAeadCipher CreateCipher_Aes_Gcm(TlsCryptoParameters cryptoParams, int cipherKeySize, int macSize)
        => new(
            cryptoParams, new FrameworkAesGcm(isEncrypting: true), new FrameworkAesGcm(isEncrypting: false), cipherKeySize, macSize, TlsAeadCipher.AEAD_GCM);
}

using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace SharpNbd.Client;

/// <summary>
/// The cryptography of Bouncy Castle's TLS with one exception: AES-GCM, through which all data goes, is the framework's, which has
/// it in the processor's own instructions.
/// </summary>
internal sealed class FrameworkTlsCrypto : BcTlsCrypto, IDisposable
{
    private readonly List<FrameworkAesGcm> _ciphers = [];

    /// <summary>Frees the keys of the session that it was made for.</summary>
    public void Dispose() => _ciphers.ForEach(cipher => cipher.Dispose());

    protected override TlsAeadCipher CreateCipher_Aes_Gcm(TlsCryptoParameters cryptoParams, int cipherKeySize, int macSize)
        => new(cryptoParams, Create(isEncrypting: true), Create(isEncrypting: false), cipherKeySize, macSize, TlsAeadCipher.AEAD_GCM);

    private FrameworkAesGcm Create(bool isEncrypting)
    {
        var cipher = new FrameworkAesGcm(isEncrypting);
        _ciphers.Add(cipher);
        return cipher;
    }
}

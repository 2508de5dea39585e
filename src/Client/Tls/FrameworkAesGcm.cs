using System.Security.Cryptography;
using Org.BouncyCastle.Tls.Crypto.Impl;

namespace SharpNbd.Client;

/// <summary>One direction of AES-GCM for Bouncy Castle's records; encrypts and decrypts in place.</summary>
internal sealed class FrameworkAesGcm(bool isEncrypting) : TlsAeadCipherImpl, IDisposable
{
    private const int TagSize = 16;

    private AesGcm? _cipher;
    private byte[] _nonce = [];
    private byte[]? _additional;

    public void SetKey(byte[] key, int keyOff, int keyLen) => SetKey(key.AsSpan(keyOff, keyLen));

    public void SetKey(ReadOnlySpan<byte> key)
    {
        _cipher?.Dispose();
        _cipher = new AesGcm(key, TagSize);
    }

    public void Init(byte[] nonce, int macSize, byte[]? additionalData)
    {
        _nonce = nonce;
        _additional = additionalData;
    }

    public int GetOutputSize(int inputLength) => isEncrypting ? inputLength + TagSize : inputLength - TagSize;

    public int DoFinal(byte[] input, int inputOffset, int inputLength, byte[] output, int outputOffset)
        => DoFinal(_additional, input, inputOffset, inputLength, output, outputOffset);

    public int DoFinal(byte[]? additionalData, byte[] input, int inputOffset, int inputLength, byte[] output, int outputOffset)
    {
        var length = GetOutputSize(inputLength);
        if (isEncrypting)
        {
            var plain = input.AsSpan(inputOffset, inputLength);
            var sealedBytes = output.AsSpan(outputOffset, length);
            _cipher!.Encrypt(_nonce, plain, sealedBytes[..inputLength], sealedBytes[inputLength..], additionalData);
        }
        else
        {
            var sealedBytes = input.AsSpan(inputOffset, inputLength);
            _cipher!.Decrypt(_nonce, sealedBytes[..length], sealedBytes[length..], output.AsSpan(outputOffset, length), additionalData);
        }

        return length;
    }

    public void Reset()
    {
    }

    public void Dispose() => _cipher?.Dispose();
}

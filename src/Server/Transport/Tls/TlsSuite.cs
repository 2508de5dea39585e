namespace SharpNbd.Server;

/// <summary>A cipher suite with the words that GnuTLS has for what it is made of.</summary>
/// <param name="Name">OpenSSL's name of it.</param>
/// <param name="Version">The version of TLS that it belongs to.</param>
/// <param name="Cipher">How it encrypts.</param>
/// <param name="KeyExchange">How keys are agreed on; null in TLS 1.3, where suites do not say.</param>
internal sealed record TlsSuite(string Name, string Version, string Cipher, string? KeyExchange)
{
    private const string Tls12 = "VERS-TLS1.2";
    private const string Tls13 = "VERS-TLS1.3";
    private const string Aes128 = "AES-128-GCM";
    private const string Aes256 = "AES-256-GCM";
    private const string ChaCha = "CHACHA20-POLY1305";

    /// <summary>
    /// Everything that is agreed to, best first: authenticated encryption only. AES with 128 bits goes first because it costs least, and
    /// forward secrecy before the one exchange without it, which nbdkit allows for old clients, too.
    /// </summary>
    public static IReadOnlyList<TlsSuite> All { get; } =
    [
        new("TLS_AES_128_GCM_SHA256", Tls13, Aes128, null),
        new("TLS_AES_256_GCM_SHA384", Tls13, Aes256, null),
        new("TLS_CHACHA20_POLY1305_SHA256", Tls13, ChaCha, null),

        new("ECDHE-ECDSA-AES128-GCM-SHA256", Tls12, Aes128, "ECDHE-ECDSA"),
        new("ECDHE-RSA-AES128-GCM-SHA256", Tls12, Aes128, "ECDHE-RSA"),
        new("ECDHE-ECDSA-AES256-GCM-SHA384", Tls12, Aes256, "ECDHE-ECDSA"),
        new("ECDHE-RSA-AES256-GCM-SHA384", Tls12, Aes256, "ECDHE-RSA"),
        new("ECDHE-ECDSA-CHACHA20-POLY1305", Tls12, ChaCha, "ECDHE-ECDSA"),
        new("ECDHE-RSA-CHACHA20-POLY1305", Tls12, ChaCha, "ECDHE-RSA"),
        new("DHE-RSA-AES128-GCM-SHA256", Tls12, Aes128, "DHE-RSA"),
        new("DHE-RSA-AES256-GCM-SHA384", Tls12, Aes256, "DHE-RSA"),

        new("ECDHE-PSK-CHACHA20-POLY1305", Tls12, ChaCha, "ECDHE-PSK"),
        new("DHE-PSK-AES128-GCM-SHA256", Tls12, Aes128, "DHE-PSK"),
        new("DHE-PSK-AES256-GCM-SHA384", Tls12, Aes256, "DHE-PSK"),
        new("DHE-PSK-CHACHA20-POLY1305", Tls12, ChaCha, "DHE-PSK"),
        new("PSK-AES128-GCM-SHA256", Tls12, Aes128, "PSK"),
        new("PSK-AES256-GCM-SHA384", Tls12, Aes256, "PSK"),
        new("PSK-CHACHA20-POLY1305", Tls12, ChaCha, "PSK"),
    ];

    /// <summary>The words for versions.</summary>
    public static IReadOnlyList<string> Versions { get; } = [.. All.Select(suite => suite.Version).Distinct()];

    /// <summary>The words for ciphers.</summary>
    public static IReadOnlyList<string> Ciphers { get; } = [.. All.Select(suite => suite.Cipher).Distinct()];

    /// <summary>The words for key exchanges.</summary>
    public static IReadOnlyList<string> KeyExchanges { get; } = [.. All.Select(suite => suite.KeyExchange).OfType<string>().Distinct()];

    /// <summary>All words.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Versions, .. Ciphers, .. KeyExchanges];

    /// <summary>It works with certificates.</summary>
    public bool IsForCertificates => KeyExchange is null || !KeyExchange.EndsWith("PSK", StringComparison.Ordinal);

    /// <summary>
    /// It works with pre-shared keys. In TLS 1.3 a key belongs to a hash function, which is SHA-256 for keys that come from elsewhere
    /// (RFC 8446, "Pre-Shared Key Extension").
    /// </summary>
    public bool IsForPsk => KeyExchange is null ? Cipher != Aes256 : !IsForCertificates;

    /// <summary>It belongs to TLS 1.3, else to TLS 1.2.</summary>
    public bool IsTls13 => Version == Tls13;

    /// <summary>Whether everything that it is made of is among the words.</summary>
    public bool IsEnabled(HashSet<string> words)
        => words.Contains(Version) && words.Contains(Cipher) && (KeyExchange is null || words.Contains(KeyExchange));
}

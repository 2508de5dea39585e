using System.Net.Security;
using System.Runtime.Versioning;

namespace SharpNbd.Plugins;

/// <summary>
/// Reads lists of ciphers. Those of TLS 1.3 have one name; earlier ones have the name that IANA gave them and the shorter one of
/// OpenSSL, and both are understood. OpenSSL's words for groups (HIGH, !aNULL) are not: .NET takes ciphers one by one.
/// </summary>
internal static class CipherNames
{
    [UnsupportedOSPlatformGuard("windows")]
    [UnsupportedOSPlatformGuard("android")]
    [UnsupportedOSPlatformGuard("macos")]
    public static bool AreSupported => OperatingSystem.IsLinux() || OperatingSystem.IsFreeBSD();

    private static readonly TlsCipherSuite[] DefaultTls13 =
        [TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256];

    // Forward secrecy and authenticated encryption: RFC 9325, section 4.2.
    private static readonly TlsCipherSuite[] DefaultTls12 =
    [
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ];

    /// <summary>Reads <c>tls13-ciphers=</c>; null stands for what is usual.</summary>
    /// <exception cref="FormatException">A name is not known.</exception>
    public static IReadOnlyList<TlsCipherSuite> ParseTls13(string? text)
        => text is null ? DefaultTls13 : Parse(text, name => name, isTls13: true, "TLS 1.3, such as TLS_AES_256_GCM_SHA384");

    /// <summary>Reads <c>ssl-cipher-list=</c>; null stands for what is usual.</summary>
    /// <exception cref="FormatException">A name is not known.</exception>
    public static IReadOnlyList<TlsCipherSuite> ParseTls12(string? text)
        => text is null ? DefaultTls12 : Parse(text, FromOpenSsl, isTls13: false, "TLS 1.2 or before, such as ECDHE-RSA-AES256-GCM-SHA384; words for groups are not understood");

    private static TlsCipherSuite[] Parse(string text, Func<string, string> iana, bool isTls13, string accepted)
    {
        var names = text.Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Length == 0 ? throw new FormatException($"at least one cipher of {accepted} is needed")
            : [.. names.Select(name => Enum.TryParse<TlsCipherSuite>(iana(name), out var suite) && IsTls13(suite) == isTls13 && char.IsAsciiLetter(name[0])
                ? suite
                : throw new FormatException($"'{name}' is not the name of a cipher of {accepted}"))];
    }

    // 0x1301 to 0x1305: RFC 8446, appendix B.4.
    private static bool IsTls13(TlsCipherSuite suite) => (int)suite is >= 0x1301 and <= 0x1305;

    /// <summary>ECDHE-RSA-AES256-GCM-SHA384 is TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, and AES128-SHA is TLS_RSA_WITH_AES_128_CBC_SHA.</summary>
    private static string FromOpenSsl(string name)
    {
        if (name.StartsWith("TLS_", StringComparison.Ordinal))
        {
            return name;
        }

        var (exchange, cipher) = ("RSA", name);
        foreach (var prefix in (string[])["ECDHE-ECDSA", "ECDHE-RSA", "DHE-RSA", "DHE-DSS", "PSK", "DHE-PSK", "ECDHE-PSK", "RSA-PSK"])
        {
            if (name.StartsWith($"{prefix}-", StringComparison.Ordinal))
            {
                (exchange, cipher) = (prefix.Replace('-', '_'), name[(prefix.Length + 1)..]);
            }
        }

        cipher = cipher.Replace("CCM8", "CCM_8", StringComparison.Ordinal)
            .Replace("AES256", "AES_256", StringComparison.Ordinal).Replace("AES128", "AES_128", StringComparison.Ordinal)
            .Replace("CAMELLIA256", "CAMELLIA_256", StringComparison.Ordinal).Replace("CAMELLIA128", "CAMELLIA_128", StringComparison.Ordinal)
            .Replace('-', '_');
        if (cipher.EndsWith("POLY1305", StringComparison.Ordinal))
        {
            cipher += "_SHA256";
        }
        else if (!cipher.Contains("GCM", StringComparison.Ordinal) && !cipher.Contains("CCM", StringComparison.Ordinal)
            && cipher.LastIndexOf("_SHA", StringComparison.Ordinal) is var hash and > 0)
        {
            cipher = cipher.Insert(hash, "_CBC");
        }

        return $"TLS_{exchange}_WITH_{cipher}";
    }
}

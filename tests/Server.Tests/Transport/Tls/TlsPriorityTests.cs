namespace SharpNbd.Server.Tests;

/// <summary>Priorities as GnuTLS writes them.</summary>
public sealed class TlsPriorityTests
{
    [Theory]
    [InlineData("NORMAL", 11, 9)]
    [InlineData("@NBDKIT,SYSTEM", 11, 9)]
    [InlineData("NORMAL:-VERS-TLS1.3", 8, 7)]
    [InlineData("NORMAL:!VERS-TLS1.2", 3, 2)]
    [InlineData("NORMAL:-VERS-ALL:+VERS-TLS1.3", 3, 2)]
    [InlineData("NORMAL:-VERS-TLS1.0:-VERS-TLS1.1:-AES-128-CBC", 11, 9)]
    [InlineData("SECURE256", 7, 6)]
    [InlineData("SECURE256:-CHACHA20-POLY1305", 4, 2)]
    [InlineData("NONE:+VERS-TLS1.2:+AES-256-GCM:+ECDHE-RSA:+DHE-PSK", 1, 1)]
    [InlineData("NONE:+VERS-TLS1.3:+CIPHER-ALL", 3, 2)]
    [InlineData("NONE:+VERS-TLS1.2:+CIPHER-ALL:+KX-ALL", 8, 7)]
    [InlineData("PFS", 11, 6)]
    public void WordsPickSuites(string text, int forCertificates, int forKeys)
    {
        var priority = TlsPriority.Parse(text);

        Assert.Equal(forCertificates, priority.CertificateSuites.Count());
        Assert.Equal(forKeys, priority.PskSuites.Count());
    }

    [Theory]
    [InlineData("NORMAL:+VERS-TLS1.0", "+VERS-TLS1.0")]
    [InlineData("NORMAL:%COMPAT:+ARCFOUR-128", "%COMPAT +ARCFOUR-128")]
    [InlineData("NORMAL:AES-128-GCM", "AES-128-GCM")]
    [InlineData("NORMAL:+", "+")]
    [InlineData("@OTHER", "@OTHER")]
    public void WordsThatMeanNothingHereAreNamed(string text, string words)
        => Assert.StartsWith($"not known here: {words};", Assert.Throws<FormatException>(() => TlsPriority.Parse(text)).Message, StringComparison.Ordinal);
}

namespace SharpNbd.Server;

/// <summary>
/// The versions of TLS and the cipher suites that a server agrees to: those of <see cref="TlsSuite.All"/>, or what
/// <c>--tls-priority</c> leaves of them. Its words are those of GnuTLS, as far as they name a version, a cipher or a key exchange.
/// </summary>
internal sealed class TlsPriority
{
    private const char Separator = ':';

    /// <summary>Words that begin a priority: everything, or less.</summary>
    private static readonly Dictionary<string, Func<string, bool>> Levels = new()
    {
        ["NORMAL"] = _ => true,
        ["PERFORMANCE"] = _ => true,
        ["SECURE128"] = _ => true,
        ["SECURE192"] = word => word != "AES-128-GCM",
        ["SECURE256"] = word => word != "AES-128-GCM",
        ["PFS"] = word => word != "PSK",
        ["NONE"] = _ => false,
        ["@SYSTEM"] = _ => true,
        ["@NBDKIT,SYSTEM"] = _ => true,
    };

    /// <summary>Words for several at once.</summary>
    private static readonly Dictionary<string, Func<string, bool>> Groups = new()
    {
        ["VERS-ALL"] = TlsSuite.Versions.Contains,
        ["VERS-TLS-ALL"] = TlsSuite.Versions.Contains,
        ["CIPHER-ALL"] = TlsSuite.Ciphers.Contains,
        ["KX-ALL"] = TlsSuite.KeyExchanges.Contains,
    };

    /// <summary>What is never agreed to, so that taking it away is granted.</summary>
    private static readonly HashSet<string> NeverOffered =
    [
        "VERS-SSL3.0", "VERS-TLS1.0", "VERS-TLS1.1", "3DES-CBC", "ARCFOUR-128", "AES-128-CBC", "AES-256-CBC", "CAMELLIA-128-CBC",
        "CAMELLIA-256-CBC", "RSA", "SHA1", "MD5",
    ];

    private readonly List<TlsSuite> _suites;

    private TlsPriority(IEnumerable<TlsSuite> suites) => _suites = [.. suites];

    /// <summary>Everything that there is.</summary>
    public static TlsPriority Default { get; } = new(TlsSuite.All);

    /// <summary>The suites of connections with certificates, the preferred one first.</summary>
    public IEnumerable<TlsSuite> CertificateSuites => _suites.Where(suite => suite.IsForCertificates);

    /// <summary>The suites of connections with pre-shared keys, the preferred one first.</summary>
    public IEnumerable<TlsSuite> PskSuites => _suites.Where(suite => suite.IsForPsk);

    /// <summary>Reads a priority of GnuTLS.</summary>
    /// <exception cref="FormatException">It has words that mean nothing here; the message names them.</exception>
    public static TlsPriority Parse(string text)
    {
        var words = text.Split(Separator, StringSplitOptions.RemoveEmptyEntries);
        var enabled = new HashSet<string>();
        var unknown = new List<string>();
        foreach (var word in words)
        {
            if (Levels.TryGetValue(word, out var level))
            {
                enabled = [.. TlsSuite.Words.Where(level)];
                continue;
            }

            var name = word[1..];
            var meant = Groups.TryGetValue(name, out var group) ? TlsSuite.Words.Where(group) : TlsSuite.Words.Where(known => known == name);
            if (word[0] == '+' && meant.Any())
            {
                enabled.UnionWith(meant);
            }
            else if (word[0] is '-' or '!' && (meant.Any() || NeverOffered.Contains(name)))
            {
                enabled.ExceptWith(meant);
            }
            else
            {
                unknown.Add(word);
            }
        }

        if (unknown.Count > 0 || words.Length == 0)
        {
            throw new FormatException($"{(words.Length == 0 ? "it is empty" : $"not known here: {string.Join(' ', unknown)}")}; "
                + $"accepted are {string.Join(' ', Levels.Keys)}, and behind + - or ! {string.Join(' ', Groups.Keys.Concat(TlsSuite.Words))}");
        }

        return new TlsPriority(TlsSuite.All.Where(suite => suite.IsEnabled(enabled)));
    }
}

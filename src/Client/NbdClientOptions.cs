namespace SharpNbd.Client;

/// <summary>How to connect to a server.</summary>
public sealed record NbdClientOptions
{
    /// <summary>The export; "" for the default one. An oldstyle server has one only and is not told.</summary>
    public string ExportName { get; init; } = "";

    /// <summary>How the connection is encrypted.</summary>
    public NbdTlsOptions Tls { get; init; } = new();

    /// <summary>How long connecting and the handshake may take together.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Ask for structured replies, which bring holes, extents and errors with words.</summary>
    public bool WantStructuredReplies { get; init; } = true;

    /// <summary>Ask for extended headers, which bring lengths beyond 4 GiB. Needs structured replies.</summary>
    public bool WantExtendedHeaders { get; init; } = true;

    /// <summary>
    /// Run what awaits a request on the thread that receives replies. It must be short and never wait, for all other replies wait for it;
    /// then it is the fastest way. Otherwise it runs on the thread pool.
    /// </summary>
    public bool RunContinuationsInline { get; init; }

    /// <summary>
    /// Told once when the connection ends by itself, and not because it was closed: the result is what every request fails with from then
    /// on. Must be short; null to let them fail with the <see cref="NbdConnectionException"/> itself.
    /// </summary>
    public Func<NbdConnectionException, Exception>? Lost { get; init; }
}

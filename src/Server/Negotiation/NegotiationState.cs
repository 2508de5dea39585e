using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>What client and server have agreed on so far.</summary>
internal sealed class NegotiationState
{
    /// <summary>What the client answered to the greeting.</summary>
    public HandshakeFlags ClientFlags { get; set; }

    /// <summary>What the client asked for and was granted.</summary>
    public HeaderForm Headers { get; set; }

    /// <summary>The export that meta contexts were set for; null while none were.</summary>
    public string? MetaContextExport { get; set; }

    /// <summary><c>base:allocation</c> was chosen for that export.</summary>
    public bool HasAllocation { get; set; }

    /// <summary>The disk that the transmission phase serves, once an export is chosen.</summary>
    public Disk? Disk { get; set; }

    /// <summary>What the client was told of it.</summary>
    public ExportFacts? Export { get; set; }

    /// <summary>The exports were listed: the allowance for asking about each was given.</summary>
    public bool HasListed { get; set; }

    /// <summary>An option was refused for its size, and the log has it.</summary>
    public bool HasSentTooMuch { get; set; }

    /// <summary>How many options more the client may send.</summary>
    public int OptionsLeft { get; set; } = Limits.Options;

    /// <summary>
    /// What is left of it behind STARTTLS: the greeting, which is not repeated. Whatever was agreed on in the clear may have been
    /// somebody else's doing, and is forgotten ("NBD_OPT_STARTTLS").
    /// </summary>
    public NegotiationState BehindStartTls() => new() { ClientFlags = ClientFlags, OptionsLeft = OptionsLeft };
}

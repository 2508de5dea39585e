namespace SharpNbd.Client;

/// <summary>One answer to an option.</summary>
/// <param name="Option">The option.</param>
/// <param name="Code">What kind of answer it is.</param>
/// <param name="Data">What comes with it.</param>
internal readonly record struct OptionReply(OptionCode Option, OptionReplyCode Code, byte[] Data)
{
    private const uint ErrorBit = 0x80000000;

    /// <summary>The option was refused.</summary>
    public bool IsError => ((uint)Code & ErrorBit) != 0;

    /// <summary>The option is not known, or not done by this server: the client has to do without.</summary>
    public bool IsUnsupported => Code is OptionReplyCode.Unsupported or OptionReplyCode.Policy or OptionReplyCode.Platform or OptionReplyCode.Invalid;

    /// <summary>What to tell the user about a refusal.</summary>
    /// <param name="what">What could not be done, the beginning of a sentence.</param>
    public NbdConnectionException Refusal(string what)
    {
        var reason = Code switch
        {
            OptionReplyCode.Unsupported => "the server does not support it",
            OptionReplyCode.Policy => "the server's policy forbids it",
            OptionReplyCode.Invalid => "the server calls it invalid",
            OptionReplyCode.Platform => "the server's platform does not support it",
            OptionReplyCode.TlsRequired => "the server requires TLS (tls=require, or a URI with nbds)",
            OptionReplyCode.Unknown => "the server does not know it",
            OptionReplyCode.Shutdown => "the server is shutting down",
            OptionReplyCode.BlockSizeRequired => "the server wants its block sizes to be asked for",
            OptionReplyCode.TooBig => "the server calls it too big",
            OptionReplyCode.ExtendedHeadersRequired => "the server requires extended headers",
            _ => $"the server answered 0x{(uint)Code:x8}",
        };
        var words = Data.Length > 0 ? $" ({WireText.Printable(Data)})" : "";
        return new NbdConnectionException($"{what}: {reason}{words}") { IsRefusal = true };
    }

    /// <summary>What to tell the user about an answer that cannot be one to this option.</summary>
    public NbdConnectionException Nonsense()
        => new($"the server answered the option {Option} with 0x{(uint)Code:x8} and {Data.Length} bytes, which makes no sense");
}

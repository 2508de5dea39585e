namespace SharpNbd.Server;

/// <summary>What the handshake offers, where the user takes something away from it to try out clients.</summary>
internal sealed record HandshakeStyle
{
    private const HandshakeFlags All = HandshakeFlags.FixedNewstyle | HandshakeFlags.NoZeroes;

    /// <summary>No negotiation at all (<c>-o</c>).</summary>
    public bool IsOldstyle { get; init; }

    /// <summary>Which bits of the greeting's flags may be set (<c>--mask-handshake</c>).</summary>
    public uint Mask { get; init; } = uint.MaxValue;

    /// <summary>Structured replies and extended headers, which bring them, are refused (<c>--no-sr</c>).</summary>
    public bool RefusesStructuredReplies { get; init; }

    /// <summary>Meta contexts are refused (<c>--no-mc</c>).</summary>
    public bool RefusesMetaContexts { get; init; }

    /// <summary>The flags of the greeting.</summary>
    public HandshakeFlags Flags => All & (HandshakeFlags)(ushort)Mask;

    /// <summary>Whether an option is answered as one that is not known.</summary>
    public bool Refuses(OptionCode option) => option switch
    {
        OptionCode.StructuredReply or OptionCode.ExtendedHeaders => RefusesStructuredReplies,
        OptionCode.ListMetaContext or OptionCode.SetMetaContext => RefusesMetaContexts,
        _ => false,
    };
}

namespace SharpNbd.Server;

/// <summary>Which headers the transmission phase uses; each form brings all that those before it have.</summary>
internal enum HeaderForm
{
    /// <summary>Compact requests and simple replies: what every client understands.</summary>
    Simple,

    /// <summary>Compact requests; replies in chunks where they have data or errors (NBD_OPT_STRUCTURED_REPLY).</summary>
    Structured,

    /// <summary>Extended requests and extended replies, and nothing else (NBD_OPT_EXTENDED_HEADERS).</summary>
    Extended,
}

namespace SharpNbd.Server;

/// <summary>What the server offers in its greeting ("Handshake flags"); the client answers with the same bits.</summary>
[Flags]
internal enum HandshakeFlags : ushort
{
    None = 0,

    /// <summary>NBD_FLAG_FIXED_NEWSTYLE: options other than EXPORT_NAME are understood.</summary>
    FixedNewstyle = 1,

    /// <summary>NBD_FLAG_NO_ZEROES: no 124 zero bytes behind the answer to EXPORT_NAME.</summary>
    NoZeroes = 2,
}

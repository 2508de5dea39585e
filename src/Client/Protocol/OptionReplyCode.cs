namespace SharpNbd.Client;

/// <summary>How an option is answered ("Option reply types"); errors have the highest bit.</summary>
internal enum OptionReplyCode : uint
{
    Ack = 1,
    Server = 2,
    Info = 3,
    MetaContext = 4,
    Unsupported = 0x80000001,
    Policy = 0x80000002,
    Invalid = 0x80000003,
    Platform = 0x80000004,
    TlsRequired = 0x80000005,
    Unknown = 0x80000006,
    Shutdown = 0x80000007,
    BlockSizeRequired = 0x80000008,
    TooBig = 0x80000009,
    ExtendedHeadersRequired = 0x8000000a,
}

namespace SharpNbd.Server;

/// <summary>NBD_REP_…: the answers to options ("Option reply types"). Errors have bit 31 set.</summary>
internal enum OptionReplyCode : uint
{
    Ack = 1,
    Server = 2,
    Info = 3,
    MetaContext = 4,
    ErrUnsup = 0x8000_0001,
    ErrPolicy = 0x8000_0002,
    ErrInvalid = 0x8000_0003,
    ErrPlatform = 0x8000_0004,
    ErrTlsReqd = 0x8000_0005,
    ErrUnknown = 0x8000_0006,
    ErrShutdown = 0x8000_0007,
    ErrBlockSizeReqd = 0x8000_0008,
    ErrTooBig = 0x8000_0009,
    ErrExtHeaderReqd = 0x8000_000a,
}

namespace SharpNbd.Client;

/// <summary>What a client asks for during the handshake ("Option types").</summary>
internal enum OptionCode : uint
{
    ExportName = 1,
    Abort = 2,
    List = 3,
    StartTls = 5,
    Info = 6,
    Go = 7,
    StructuredReply = 8,
    SetMetaContext = 10,
    ExtendedHeaders = 11,
}

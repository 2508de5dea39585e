namespace SharpNbd.Server;

/// <summary>NBD_OPT_…: what a client can ask for in the handshake ("Option types").</summary>
internal enum OptionCode : uint
{
    ExportName = 1,
    Abort = 2,
    List = 3,
    PeekExport = 4,
    StartTls = 5,
    Info = 6,
    Go = 7,
    StructuredReply = 8,
    ListMetaContext = 9,
    SetMetaContext = 10,
    ExtendedHeaders = 11,
}

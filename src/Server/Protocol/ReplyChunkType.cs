namespace SharpNbd.Server;

/// <summary>NBD_REPLY_TYPE_… ("Structured reply types"). Errors have bit 15 set.</summary>
internal enum ReplyChunkType : ushort
{
    None = 0,
    OffsetData = 1,
    OffsetHole = 2,
    BlockStatus = 5,
    BlockStatusExt = 6,
    Error = 0x8001,
    ErrorOffset = 0x8002,
}

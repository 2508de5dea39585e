namespace SharpNbd.Client;

/// <summary>The types of chunks in structured replies ("Structured reply types").</summary>
internal enum ChunkType : ushort
{
    None = 0,
    OffsetData = 1,
    OffsetHole = 2,
    BlockStatus = 5,
    BlockStatusExtended = 6,

    /// <summary>The bit that says that a type is an error, also where the type is not known.</summary>
    ErrorBit = 0x8000,
    Error = 0x8001,
    ErrorOffset = 0x8002,
}

namespace SharpNbd.Filters;

/// <summary>What a line of the log is about; the names are those in the log.</summary>
internal enum LogAction
{
    Ready,
    Fork,
    Preconnect,
    ListExports,
    Connect,
    Read,
    Write,
    Zero,
    Trim,
    Extents,
    Cache,
    Flush,
    Disconnect,
}

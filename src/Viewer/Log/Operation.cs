namespace SharpNbd.Viewer;

/// <summary>What a client can ask a disk for; the names are those in the log.</summary>
internal enum Operation : byte
{
    Read,
    Write,
    Zero,
    Trim,
    Extents,
    Cache,
    Flush,
}

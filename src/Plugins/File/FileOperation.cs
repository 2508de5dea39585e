namespace SharpNbd.Plugins;

/// <summary>What an I/O thread is asked to do with a file.</summary>
internal enum FileOperation
{
    Read,
    Write,
    Flush,
    Trim,
    Zero,
    Prefetch,
    Extents,
}

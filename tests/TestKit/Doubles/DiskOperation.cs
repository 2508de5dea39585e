namespace SharpNbd.TestKit;

/// <summary>The calls of a disk.</summary>
public enum DiskOperation
{
    /// <summary>ReadAsync.</summary>
    Read,

    /// <summary>WriteAsync.</summary>
    Write,

    /// <summary>FlushAsync.</summary>
    Flush,

    /// <summary>TrimAsync.</summary>
    Trim,

    /// <summary>ZeroAsync.</summary>
    Zero,

    /// <summary>CacheAsync.</summary>
    Cache,

    /// <summary>GetExtentsAsync.</summary>
    Extents,
}

namespace SharpNbd.Plugins;

/// <summary>Where the bytes of a region come from.</summary>
internal enum RegionKind
{
    /// <summary>Nothing is there: the region reads as zeroes.</summary>
    Zeroes,

    /// <summary>They are held in memory.</summary>
    Bytes,

    /// <summary>They are computed when they are asked for.</summary>
    Computed,

    /// <summary>They are those of a file, read when they are asked for.</summary>
    File,
}

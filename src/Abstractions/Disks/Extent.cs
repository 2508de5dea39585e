namespace SharpNbd.Abstractions;

/// <summary>A run of bytes of one kind.</summary>
/// <param name="Offset">The first byte, from 0.</param>
/// <param name="Length">The number of bytes, at least 1.</param>
/// <param name="Flags">What is known of all of them.</param>
public readonly record struct Extent(long Offset, long Length, ExtentFlags Flags)
{
    /// <summary>The byte behind the last one.</summary>
    public long End => Offset + Length;
}

namespace SharpNbd.Abstractions;

/// <summary>A range of bytes of a disk. What the engine hands to a disk lies inside the disk and is not empty.</summary>
/// <param name="Offset">The first byte, from 0.</param>
/// <param name="Length">The number of bytes.</param>
public readonly record struct ByteRange(long Offset, long Length)
{
    /// <summary>The byte behind the last one.</summary>
    public long End => Offset + Length;
}

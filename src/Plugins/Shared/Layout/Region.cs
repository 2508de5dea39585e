namespace SharpNbd.Plugins;

/// <summary>A run of bytes of a virtual disk that comes from one place.</summary>
/// <param name="Offset">The first byte on the disk.</param>
/// <param name="Length">The number of bytes, at least 1.</param>
/// <param name="Kind">Where the bytes come from.</param>
/// <param name="Source">The number of the file, of the piece of memory, or of what computes them (<see cref="VirtualLayout.Fill"/>).</param>
/// <param name="SourceOffset">Where in the file the region begins.</param>
internal readonly record struct Region(long Offset, long Length, RegionKind Kind, int Source, long SourceOffset)
{
    /// <summary>The byte behind the last one.</summary>
    public long End => Offset + Length;
}

namespace SharpNbd.Plugins;

/// <summary>A file as a partition.</summary>
/// <param name="Name">The file's name, without its path.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Start">The first sector.</param>
/// <param name="Sectors">The number of sectors.</param>
/// <param name="Request">What was asked for.</param>
internal sealed record Partition(string Name, long Size, long Start, long Sectors, PartitionRequest Request)
{
    /// <summary>The sector behind the last one.</summary>
    public long End => Start + Sectors;
}

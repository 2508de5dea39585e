namespace SharpNbd.Plugins;

/// <summary>A tree of an image with what writes it and where its path tables lie.</summary>
/// <param name="Tree">The tree.</param>
/// <param name="Writer">Writes its directories.</param>
/// <param name="PathTableLength">The length of each of its path tables in bytes.</param>
internal sealed record PlacedTree(IsoTree Tree, IsoDirectoryWriter Writer, int PathTableLength)
{
    public uint LittleEndianPathTable { get; set; }

    public uint BigEndianPathTable { get; set; }

    /// <summary>What the volume descriptor tells of it.</summary>
    public VolumeFacts Facts(uint blocks, DateTime time)
        => new(Tree.Root, blocks, PathTableLength, LittleEndianPathTable, BigEndianPathTable, time);
}

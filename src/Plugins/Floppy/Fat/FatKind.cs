namespace SharpNbd.Plugins;

/// <summary>
/// One of the three kinds of FAT. What tells them apart is the number of clusters and nothing else (FAT specification, "FAT Type
/// Determination"), so each has bounds; the specification advises to stay 16 away from them.
/// </summary>
/// <param name="Bits">The bits of an entry of the table.</param>
/// <param name="FewestClusters">The smallest number of clusters.</param>
/// <param name="MostClusters">The largest.</param>
internal sealed record FatKind(int Bits, long FewestClusters, long MostClusters)
{
    private const int Margin = 16;

    // What firmware and systems take for FAT12 is below the first of these, and for FAT16 below the second.
    private const int FirstOfFat16 = 4085;
    private const int FirstOfFat32 = 65525;

    public static FatKind Fat12 { get; } = new(12, 1, FirstOfFat16 - 1 - Margin);

    public static FatKind Fat16 { get; } = new(16, FirstOfFat16 + Margin, FirstOfFat32 - 1 - Margin);

    // Numbers from 0x0ffffff7 on mean something else.
    public static FatKind Fat32 { get; } = new(32, FirstOfFat32 + Margin, 0x0fff_fff4);

    /// <summary>The end of a chain; all higher values mean it too.</summary>
    public uint EndOfChain => Bits switch { 12 => 0xfff, 16 => 0xffff, _ => 0x0fff_ffff };

    public bool IsFat32 => Bits == 32;

    /// <summary>The bytes that entries for so many clusters take; the first two entries are no cluster's.</summary>
    public long TableLength(long clusters) => (((clusters + FatTable.FirstCluster) * Bits) + 7) / 8;

    /// <summary>What the partition table calls it: FAT32 and FAT16 found by sector numbers, or FAT12.</summary>
    public byte PartitionType => Bits switch { 12 => 0x01, 16 => 0x0e, _ => 0x0c };
}

namespace SharpNbd.Plugins;

/// <summary>
/// What distinguishes the formats that real floppies have, for firmware that knows them by it (FAT specification, "Boot Sector and BPB").
/// </summary>
/// <param name="SectorsPerTrack">BPB_SecPerTrk.</param>
/// <param name="Heads">BPB_NumHeads.</param>
/// <param name="Media">BPB_Media.</param>
/// <param name="RootEntries">BPB_RootEntCnt, where that is enough.</param>
/// <param name="SectorsPerCluster">BPB_SecPerClus, where that is enough; 0 to choose it.</param>
internal sealed record FloppyFormat(ushort SectorsPerTrack, ushort Heads, byte Media, int RootEntries, int SectorsPerCluster)
{
    /// <summary>What every other disk has: the geometry that firmware makes up for large disks.</summary>
    public static FloppyFormat Disk { get; } = new(63, 255, 0xf8, 512, 0);

    /// <summary>The format of a disk without partition table.</summary>
    /// <param name="size">Its size in bytes.</param>
    public static FloppyFormat Of(long? size) => size switch
    {
        360 << 10 => new(9, 2, 0xfd, 112, 2),
        720 << 10 => new(9, 2, 0xf9, 112, 2),
        1200 << 10 => new(15, 2, 0xf9, 224, 1),
        1440 << 10 => new(18, 2, 0xf0, 224, 1),
        2880 << 10 => new(36, 2, 0xf0, 240, 2),
        _ => Disk,
    };
}

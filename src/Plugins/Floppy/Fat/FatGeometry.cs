namespace SharpNbd.Plugins;

/// <summary>Where the parts of a volume lie: reserved sectors, tables, the root directory of FAT12 and FAT16, clusters.</summary>
internal sealed record FatGeometry
{
    public const int SectorSize = 512;

    private const int Tables = 2;
    private const long MostSectors = uint.MaxValue;

    // A cluster of more than 32 KiB is not understood everywhere ("Boot Sector and BPB", BPB_SecPerClus).
    private const int LargestCluster = 64;

    public required FatKind Kind { get; init; }

    public required FloppyFormat Format { get; init; }

    public required int SectorsPerCluster { get; init; }

    /// <summary>The sectors in front of the first table, the boot sector among them.</summary>
    public required long ReservedSectors { get; init; }

    /// <summary>The sectors of one table.</summary>
    public required long TableSectors { get; init; }

    /// <summary>The entries of the root directory that has a place of its own; 0 on FAT32.</summary>
    public required int RootEntries { get; init; }

    /// <summary>The clusters that the volume has.</summary>
    public required long Clusters { get; init; }

    /// <summary>The clusters that are in use.</summary>
    public required long UsedClusters { get; init; }

    /// <summary>The sectors of the volume.</summary>
    public required long TotalSectors { get; init; }

    public int ClusterSize => SectorsPerCluster * SectorSize;

    public int RootSectors => RootSectorsOf(RootEntries);

    /// <summary>The sectors in front of the first cluster.</summary>
    public long OverheadSectors => ReservedSectors + (Tables * TableSectors) + RootSectors;

    /// <summary>Finds the cluster size with which a tree fits.</summary>
    /// <param name="kind">The kind of FAT.</param>
    /// <param name="format">Which floppy it shall be.</param>
    /// <param name="lengths">The lengths of all files and directories, without a root that has a place of its own.</param>
    /// <param name="rootEntries">The entries of the root directory.</param>
    /// <param name="available">The sectors that the volume shall have; null for as few as are needed.</param>
    /// <returns>Null when there is none.</returns>
    public static FatGeometry? Fit(FatKind kind, FloppyFormat format, IReadOnlyList<long> lengths, int rootEntries, long? available)
    {
        var preferred = format.SectorsPerCluster > 0 ? format.SectorsPerCluster : Preferred(kind, available * SectorSize ?? lengths.Sum());
        return Candidates(preferred).Select(size => TryFit(kind, format, size, lengths, rootEntries, available)).FirstOrDefault(fit => fit is not null);
    }

    private static IEnumerable<int> Candidates(int preferred)
    {
        for (var size = preferred; size <= LargestCluster; size *= 2)
        {
            yield return size;
        }

        for (var size = preferred / 2; size > 0; size /= 2)
        {
            yield return size;
        }
    }

    /// <summary>What the specification's tables give ("FAT Volume Initialization").</summary>
    private static int Preferred(FatKind kind, long size) => kind.Bits switch
    {
        12 => 1,
        16 => size switch { <= 16L << 20 => 2, <= 128L << 20 => 4, <= 256L << 20 => 8, <= 512L << 20 => 16, <= 1L << 30 => 32, _ => 64 },
        _ => size switch { <= 260L << 20 => 1, <= 8L << 30 => 8, <= 16L << 30 => 16, <= 32L << 30 => 32, _ => 64 },
    };

    private static FatGeometry? TryFit(
        FatKind kind, FloppyFormat format, int sectorsPerCluster, IReadOnlyList<long> lengths, int rootEntries, long? available)
    {
        var clusterSize = (long)sectorsPerCluster * SectorSize;
        var used = lengths.Sum(length => (length + clusterSize - 1) / clusterSize);

        // "Boot Sector and BPB": FAT12 and FAT16 have one reserved sector, FAT32 usually 32, of which these are used: boot sector,
        // FSInfo, and a copy of both from 6 on.
        var reserved = kind.IsFat32 ? 32 : 1;
        var entries = kind.IsFat32 ? 0 : RoundUp(Math.Max(format.RootEntries, rootEntries), SectorSize / DirectoryEntry.Size);
        var fixedSectors = reserved + RootSectorsOf(entries);
        var clusters = available is null ? Math.Max(used, kind.FewestClusters) : ClustersIn(available.Value - fixedSectors, kind, sectorsPerCluster);
        if (clusters < used || clusters < kind.FewestClusters || clusters > kind.MostClusters || entries > ushort.MaxValue)
        {
            return null;
        }

        var tableSectors = TableSectorsOf(kind, clusters);
        var total = available ?? fixedSectors + (Tables * tableSectors) + (clusters * sectorsPerCluster);
        return total > MostSectors ? null : new FatGeometry
        {
            Kind = kind,
            Format = format,
            SectorsPerCluster = sectorsPerCluster,
            ReservedSectors = reserved,
            TableSectors = tableSectors,
            RootEntries = entries,
            Clusters = clusters,
            UsedClusters = used,
            TotalSectors = total,
        };
    }

    /// <summary>The most clusters that fit into sectors together with their tables.</summary>
    private static long ClustersIn(long sectors, FatKind kind, int sectorsPerCluster)
    {
        var clusters = Math.Max(0, sectors / sectorsPerCluster);
        while (clusters > 0 && (Tables * TableSectorsOf(kind, clusters)) + (clusters * sectorsPerCluster) > sectors)
        {
            // At once by what the tables take, then one by one.
            var missing = (Tables * TableSectorsOf(kind, clusters)) + (clusters * sectorsPerCluster) - sectors;
            clusters -= Math.Max(1, missing / (sectorsPerCluster + 1));
        }

        return Math.Max(0, clusters);
    }

    private static long TableSectorsOf(FatKind kind, long clusters) => (kind.TableLength(clusters) + SectorSize - 1) / SectorSize;

    private static int RootSectorsOf(int entries) => entries * DirectoryEntry.Size / SectorSize;

    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;
}

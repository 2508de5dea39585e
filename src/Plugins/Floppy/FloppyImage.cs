using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// Lays a tree out as a disk: partition table, boot sector, tables, directories, and the files one behind the other, each in one piece.
/// </summary>
internal static class FloppyImage
{
    /// <summary>Where the partition begins: at 1 MiB, as partitioning programs do it.</summary>
    private const uint PartitionStart = 2048;

    // FAT specification, "FAT Directory Structure": 65,536 entries of 32 bytes.
    private const int MostEntries = 65536;

    /// <summary>Lays it out.</summary>
    /// <param name="root">The tree; where its files begin is written into it.</param>
    /// <param name="options">What the disk shall be.</param>
    /// <exception cref="ParameterException">The tree does not fit.</exception>
    public static VirtualLayout Build(FloppyDirectory root, FloppyOptions options)
    {
        root.OwnEntries = VolumeLabel.InRoot(options.Label) is null ? 0 : 1;
        var directories = root.WithAllInside().ToList();
        string[] errors =
        [
            .. directories.Where(directory => directory.EntriesInside > MostEntries).Select(directory =>
                $"{directory.DisplayName} has {directory.Children.Count} files, whose names take {directory.EntriesInside} entries, and a directory on FAT has {MostEntries}"),
        ];
        if (errors.Length > 0)
        {
            throw new ParameterException(errors);
        }

        var files = directories.SelectMany(directory => directory.Children.OfType<FloppyFile>()).ToList();
        var geometry = FindGeometry(root, directories, files, options);
        var ends = Place(geometry, directories, files);
        return Assemble(geometry, directories, files, ends, options);
    }

    private static FatGeometry FindGeometry(
        FloppyDirectory root, List<FloppyDirectory> directories, List<FloppyFile> files, FloppyOptions options)
    {
        var format = options.Mbr ? FloppyFormat.Disk : FloppyFormat.Of(options.Size?.Value);
        FatKind[] kinds = options.Fat switch
        {
            "12" => [FatKind.Fat12],
            "16" => [FatKind.Fat16],
            "32" => [FatKind.Fat32],
            _ when format != FloppyFormat.Disk => [FatKind.Fat12],
            _ when options.Size is null => [FatKind.Fat32],
            _ => [FatKind.Fat32, FatKind.Fat16, FatKind.Fat12],
        };
        var available = (options.Size?.Value / FatGeometry.SectorSize) - (options.Mbr ? PartitionStart : 0);
        FatGeometry? FitInto(FatKind kind, long? sectors)
        {
            var inClusters = directories.Where(directory => directory != root || kind.IsFat32).Select(DirectoryLength);
            return FatGeometry.Fit(kind, format, [.. inClusters, .. files.Select(file => file.Length)], root.EntriesInside, sectors);
        }

        return kinds.Select(kind => FitInto(kind, available)).FirstOrDefault(fit => fit is not null)
            ?? throw new ParameterException(Complaint(
                kinds[0], kinds.Reverse().Select(kind => FitInto(kind, null)).FirstOrDefault(fit => fit is not null), files, options));
    }

    private static string Complaint(FatKind kind, FatGeometry? least, List<FloppyFile> files, FloppyOptions options)
    {
        var content = $"{files.Count} files of together {files.Sum(file => file.Length)} bytes";
        if (least is null)
        {
            return kind.IsFat32
                ? $"{content} are more than a FAT32 disk of 2 TiB holds"
                : $"fat={kind.Bits}: {content} are more than FAT{kind.Bits} holds; use fat=32";
        }

        var needed = (least.TotalSectors + (options.Mbr ? PartitionStart : 0)) * FatGeometry.SectorSize;
        return options.Size?.Value < needed
            ? $"size={options.Size}: {content} need a disk of at least {needed} bytes with FAT{least.Kind.Bits}"
            : $"size={options.Size}: no FAT{kind.Bits} disk has this size; leave size= out, or use another fat=";
    }

    /// <summary>Gives every directory and file its clusters, and returns the last one of each.</summary>
    private static uint[] Place(FatGeometry geometry, List<FloppyDirectory> directories, List<FloppyFile> files)
    {
        var ends = new List<uint>(directories.Count + files.Count);
        var next = FatTable.FirstCluster;
        void Take(FloppyNode node, long length)
        {
            // "FAT Directory Structure": an empty file has no cluster, and 0 for its number.
            if (length > 0)
            {
                node.FirstCluster = next;
                next += (uint)((length + geometry.ClusterSize - 1) / geometry.ClusterSize);
                ends.Add(next - 1);
            }
        }

        foreach (var directory in directories)
        {
            if (directory.Parent is not null || geometry.Kind.IsFat32)
            {
                Take(directory, DirectoryLength(directory));
            }
        }

        files.ForEach(file => Take(file, file.Length));
        return [.. ends];
    }

    /// <summary>Even an empty root has a cluster on FAT32.</summary>
    private static long DirectoryLength(FloppyDirectory directory) => Math.Max(directory.Length, DirectoryEntry.Size);

    private static VirtualLayout Assemble(
        FatGeometry geometry, List<FloppyDirectory> directories, List<FloppyFile> files, uint[] ends, FloppyOptions options)
    {
        var serial = SerialNumber.Of(directories, options.Label);
        var builder = new LayoutBuilder();
        var hidden = options.Mbr ? PartitionStart : 0;
        if (options.Mbr)
        {
            var record = MasterBootRecord.Create(serial);
            MasterBootRecord.SetPartition(record, 0, geometry.Kind.PartitionType, PartitionStart, (uint)geometry.TotalSectors);
            builder.AddBytes(record);
            builder.FillTo(PartitionStart * FatGeometry.SectorSize);
        }

        var start = builder.Position;
        builder.AddBytes(BootSector.Write(geometry, VolumeLabel.InBootSector(options.Label), serial, hidden));
        var table = new FatTable(geometry.Kind, geometry.Format.Media, ends, geometry.TableSectors * FatGeometry.SectorSize);
        builder.AddComputed(table);
        builder.AddComputed(table);
        var label = VolumeLabel.InRoot(options.Label);
        foreach (var directory in directories)
        {
            builder.AddBytes(DirectoryWriter.Write(directory, label));
            if (directory.Parent is null && !geometry.Kind.IsFat32)
            {
                builder.FillTo(start + (geometry.OverheadSectors * FatGeometry.SectorSize));
            }
            else
            {
                FillCluster(builder, start, geometry, DirectoryLength(directory) - directory.Length);
            }
        }

        foreach (var file in files)
        {
            builder.AddFile(file.File, 0, file.Length);
            FillCluster(builder, start, geometry, 0);
        }

        builder.FillTo(start + (geometry.TotalSectors * FatGeometry.SectorSize));
        return builder.Build();
    }

    /// <summary>Adds zeroes up to the next cluster, and at least so many.</summary>
    private static void FillCluster(LayoutBuilder builder, long start, FatGeometry geometry, long least)
    {
        builder.AddZeroes(least);
        var clusters = start + (geometry.OverheadSectors * FatGeometry.SectorSize);
        var rest = (builder.Position - clusters) % geometry.ClusterSize;
        builder.AddZeroes(rest == 0 ? 0 : geometry.ClusterSize - rest);
    }
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Where the files lie on the disk, and the sectors of the partition table around them.</summary>
internal sealed class PartitionedLayout
{
    private const int SectorSize = MasterBootRecord.SectorSize;

    private readonly SortedDictionary<long, byte[]> _tables;
    private readonly long _size;

    private PartitionedLayout(IReadOnlyList<Partition> partitions, SortedDictionary<long, byte[]> tables, long size)
        => (Partitions, _tables, _size) = (partitions, tables, size);

    /// <summary>The partitions in order.</summary>
    public IReadOnlyList<Partition> Partitions { get; }

    /// <summary>Lays files out.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="sizes">The size of each file.</param>
    /// <exception cref="ParameterException">There is an empty file, or they are too large.</exception>
    public static PartitionedLayout Of(PartitioningOptions options, IReadOnlyList<long> sizes)
    {
        string[] empty = [.. options.Files.Zip(sizes).Where(file => file.Second == 0).Select(file => $"file={file.First}: an empty file cannot be a partition")];
        if (empty.Length > 0)
        {
            throw new ParameterException(empty);
        }

        try
        {
            var mbr = MbrTable.Place(options.Partitions, sizes);
            var fits = mbr[^1].End <= uint.MaxValue;
            if (options.Table == PartitionTableType.Mbr && !fits)
            {
                throw new ParameterException("partition-type=mbr: the files take more than 2 TiB, which only partition-type=gpt can describe");
            }

            if ((options.Table ?? (options.Files.Count <= MasterBootRecord.Entries && fits ? PartitionTableType.Mbr : PartitionTableType.Gpt)) == PartitionTableType.Mbr)
            {
                return new(mbr, MbrTable.Create(mbr), mbr[^1].End * SectorSize);
            }

            var gpt = GptTable.Place(options.Partitions, sizes);
            var sectors = gpt[^1].End + GptTable.SectorsBehind(gpt.Count);
            _ = checked(sectors * SectorSize);
            return new(gpt, GptTable.Create(gpt, sectors), sectors * SectorSize);
        }
        catch (OverflowException)
        {
            throw new ParameterException("the files together are larger than a disk can be, which is 2^63-1 bytes");
        }
    }

    /// <summary>The parts of the disk from its start to its end.</summary>
    /// <param name="files">The files, opened, in order.</param>
    public IEnumerable<Disk> Surround(IReadOnlyList<Disk> files)
    {
        var pieces = new SortedDictionary<long, Disk>();
        foreach (var (sector, bytes) in _tables)
        {
            pieces.Add(sector * SectorSize, new FixedDisk(bytes, "the partition table"));
        }

        foreach (var (file, partition) in files.Zip(Partitions))
        {
            pieces.Add(partition.Start * SectorSize, file);
        }

        var position = 0L;
        foreach (var (start, piece) in pieces)
        {
            if (start > position)
            {
                yield return new PaddingDisk(start - position);
            }

            yield return piece;
            position = start + piece.Size;
        }

        if (_size > position)
        {
            yield return new PaddingDisk(_size - position);
        }
    }

    /// <summary>The next sector that an alignment allows.</summary>
    public static long Align(long sector, long alignment)
    {
        var unit = alignment / SectorSize;
        return checked((sector + unit - 1) / unit * unit);
    }

    /// <summary>A file as a partition that begins at a sector.</summary>
    public static Partition At(long start, PartitionRequest request, long size)
        => new(Path.GetFileName(request.File.Value), size, start, (size / SectorSize) + (size % SectorSize == 0 ? 0 : 1), request);
}

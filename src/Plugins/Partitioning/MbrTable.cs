namespace SharpNbd.Plugins;

/// <summary>
/// A master boot record. The fourth of more than four partitions is an extended one that holds all further ones, each behind a record of its own that
/// leads to the next.
/// </summary>
internal static class MbrTable
{
    // An extended partition whose place is told by sector numbers.
    private const byte ExtendedType = 0x0f;

    private const int PrimariesBesideExtended = MasterBootRecord.Entries - 1;

    /// <summary>Finds a place for each file.</summary>
    public static List<Partition> Place(IReadOnlyList<PartitionRequest> requests, IReadOnlyList<long> sizes)
    {
        var partitions = new List<Partition>();
        var next = 1L;
        foreach (var (index, request) in requests.Index())
        {
            // The sector in front of a logical partition, or one farther in front, is for its record.
            var record = IsLogical(index, requests.Count) ? 1 : 0;
            partitions.Add(PartitionedLayout.At(PartitionedLayout.Align(next + record, request.Alignment), request, sizes[index]));
            next = partitions[^1].End;
        }

        return partitions;
    }

    /// <summary>The records by their sectors.</summary>
    public static SortedDictionary<long, byte[]> Create(IReadOnlyList<Partition> partitions)
    {
        var tables = new SortedDictionary<long, byte[]>();
        var disk = DiskIdentity.Of(partitions).ToByteArray();
        var master = MasterBootRecord.Create(BitConverter.ToUInt32(disk));
        tables.Add(0, master);
        var primaries = IsLogical(PrimariesBesideExtended, partitions.Count) ? PrimariesBesideExtended : partitions.Count;
        foreach (var (index, partition) in partitions.Take(primaries).Index())
        {
            MasterBootRecord.SetPartition(
                master, index, partition.Request.MbrId, (uint)partition.Start, (uint)partition.Sectors, isActive: index == 0);
        }

        if (primaries < partitions.Count)
        {
            var start = RecordOf(partitions, primaries);
            MasterBootRecord.SetPartition(master, PrimariesBesideExtended, ExtendedType, (uint)start, (uint)(partitions[^1].End - start));
            AddLogical(tables, partitions, primaries, start);
        }

        return tables;
    }

    private static void AddLogical(SortedDictionary<long, byte[]> tables, IReadOnlyList<Partition> partitions, int first, long extended)
    {
        for (var index = first; index < partitions.Count; index++)
        {
            var partition = partitions[index];
            var at = RecordOf(partitions, index);
            var record = MasterBootRecord.Create(0);

            // The partition counts from this record, the next record from the start of the extended partition.
            MasterBootRecord.SetPartition(record, 0, partition.Request.MbrId, (uint)(partition.Start - at), (uint)partition.Sectors);
            if (index + 1 < partitions.Count)
            {
                var next = RecordOf(partitions, index + 1);
                MasterBootRecord.SetPartition(record, 1, ExtendedType, (uint)(next - extended), (uint)(partitions[index + 1].End - next));
            }

            tables.Add(at, record);
        }
    }

    private static bool IsLogical(int index, int count) => count > MasterBootRecord.Entries && index >= PrimariesBesideExtended;

    /// <summary>The record of a logical partition stands right behind the partition in front of it.</summary>
    private static long RecordOf(IReadOnlyList<Partition> partitions, int index) => partitions[index - 1].End;
}

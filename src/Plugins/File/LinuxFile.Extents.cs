using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <content>Where the file has data and where holes.</content>
internal sealed unsafe partial class LinuxFile
{
    public override void AddExtents(ExtentList extents)
    {
        while (!IsEnough(extents))
        {
            AddNext(extents, extents.Next);
        }
    }

    private void AddNext(ExtentList extents, long offset)
    {
        var data = Find(Libc.SeekData, offset);
        if (data is null)
        {
            // No data up to the end of the file. Behind that a file that has been truncated has nothing that could be read, and
            // must not be taken for zeroes: a copy would be short without anybody noticing.
            AddHole(extents, offset, Math.Clamp(CurrentEnd(), offset, Size));
            extents.Add(extents.Next, Size - extents.Next, ExtentFlags.Data);
            return;
        }

        AddHole(extents, offset, Math.Min(data.Value, Size));
        if (data < Size && !IsEnough(extents))
        {
            extents.Add(data.Value, Math.Min(Find(Libc.SeekHole, data.Value) ?? Size, Size) - data.Value, ExtentFlags.Data);
        }
    }

    /// <summary>Data and holes take turns, so that the first extent is whole as soon as it is there.</summary>
    private static bool IsEnough(ExtentList extents) => extents.IsComplete || (extents.FirstOnly && extents.Count > 0);

    private static void AddHole(ExtentList extents, long start, long end)
        => extents.Add(start, end - start, ExtentFlags.Hole | ExtentFlags.Zero);

    /// <summary>The first data or hole from an offset on; null where there is none before the end of the file.</summary>
    private long? Find(int what, long offset)
    {
        var found = Libc.Seek(_descriptor, offset, what);
        return found >= 0 ? found
            : Errno.Last == Errno.ENXIO ? null
            : throw Errno.Exception(Errno.Last, $"cannot find the holes of {DisplayName} at {offset}");
    }

    private long CurrentEnd() => FileStatus.TryGet(_descriptor, out var status) ? status.Size : 0;
}

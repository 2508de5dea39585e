namespace SharpNbd.Plugins;

/// <summary>
/// The blocks of one directory while they are written: its records, none of which crosses a block (ECMA-119, 6.8.1.1), and
/// behind them the parts of System Use Areas that do not fit into the records.
/// </summary>
internal sealed class DirectoryExtent
{
    private const int FixedLength = 33;
    private const int LongestRecord = 254;

    private readonly GrowingBlocks _records = new();
    private readonly GrowingBlocks _continuations = new();
    private uint _continuationStart;

    /// <summary>The length of the records, in whole blocks: the data length of the directory.</summary>
    public int RecordsLength => _records.BlocksLength;

    /// <summary>The length of all of it, in whole blocks.</summary>
    public int Length => RecordsLength + _continuations.BlocksLength;

    /// <summary>Begins another directory.</summary>
    /// <param name="continuationStart">The block behind its records; any number while only lengths are wanted.</param>
    public void Begin(uint continuationStart)
    {
        _continuationStart = continuationStart;
        _records.Clear();
        _continuations.Clear();
    }

    /// <summary>Adds a directory record (ECMA-119, 9.1).</summary>
    /// <param name="identifier">The name; a single byte 0 or 1 for the directory itself and its parent.</param>
    /// <param name="location">The first block of the content.</param>
    /// <param name="length">The length of the content.</param>
    /// <param name="time">The date.</param>
    /// <param name="flags">What it is.</param>
    /// <param name="systemUse">Entries of the System Use Area.</param>
    public void Add(ReadOnlySpan<byte> identifier, uint location, uint length, DateTime time, RecordFlags flags, ReadOnlySpan<byte> systemUse)
    {
        // The identifier is padded to an even length of what comes before the System Use Area.
        var start = FixedLength + identifier.Length + ((identifier.Length & 1) == 0 ? 1 : 0);
        var inline = systemUse;
        var isContinued = start + systemUse.Length > LongestRecord;
        if (isContinued)
        {
            inline = Head(systemUse, LongestRecord - start - SystemUseWriter.ContinuationLength);
        }

        var recordLength = start + inline.Length + (isContinued ? SystemUseWriter.ContinuationLength : 0);
        recordLength += recordLength & 1;
        var record = _records.Take(recordLength);
        record[0] = (byte)recordLength;
        IsoField.Both32(record[2..], location);
        IsoField.Both32(record[10..], length);
        IsoField.ShortDate(record[18..], time);
        record[25] = (byte)flags;
        IsoField.Both16(record[28..], 1);
        record[32] = (byte)identifier.Length;
        identifier.CopyTo(record[FixedLength..]);
        inline.CopyTo(record[start..]);
        if (isContinued)
        {
            Continue(record[(start + inline.Length)..], systemUse[inline.Length..]);
        }
    }

    /// <summary>All of the blocks.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        _records.Written.CopyTo(bytes);
        _continuations.Written.CopyTo(bytes.AsSpan(RecordsLength));
        return bytes;
    }

    /// <summary>
    /// Writes entries that did not fit, and the CE entry that leads to them. Linux reads a continuation of one block and no more,
    /// so that what is longer leads on to a further one.
    /// </summary>
    private void Continue(Span<byte> link, ReadOnlySpan<byte> entries)
    {
        while (true)
        {
            var isLast = entries.Length <= IsoField.Block;
            var head = isLast ? entries : Head(entries, IsoField.Block - SystemUseWriter.ContinuationLength);
            var length = head.Length + (isLast ? 0 : SystemUseWriter.ContinuationLength);
            var area = _continuations.Take(length);
            var offset = _continuations.Written.Length - length;
            SystemUseWriter.WriteContinuation(link, _continuationStart + (uint)(offset / IsoField.Block), (uint)(offset % IsoField.Block), length);
            head.CopyTo(area);
            if (isLast)
            {
                return;
            }

            link = area[head.Length..];
            entries = entries[head.Length..];
        }
    }

    /// <summary>As many whole entries as fit.</summary>
    private static ReadOnlySpan<byte> Head(ReadOnlySpan<byte> entries, int room)
    {
        var length = 0;
        while (length + entries[length + 2] <= room)
        {
            length += entries[length + 2];
        }

        return entries[..length];
    }
}

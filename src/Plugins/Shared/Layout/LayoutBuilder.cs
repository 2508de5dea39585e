namespace SharpNbd.Plugins;

/// <summary>Puts a virtual disk together, from its start to its end. Used once, by one thread.</summary>
internal sealed class LayoutBuilder
{
    private readonly List<VirtualLayout.Entry> _entries = [];
    private readonly List<ReadOnlyMemory<byte>> _bytes = [];
    private readonly List<ComputedBytes> _computed = [];

    /// <summary>Where the next region begins: the size of the disk so far.</summary>
    public long Position { get; private set; }

    /// <summary>Adds bytes that are held in memory; the layout keeps the memory itself, which must not change any more.</summary>
    public void AddBytes(ReadOnlyMemory<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            Add(~_bytes.Count, 0, bytes.Length);
            _bytes.Add(bytes);
        }
    }

    /// <summary>Adds bytes that are computed when they are read, all of them.</summary>
    public void AddComputed(ComputedBytes bytes)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(_computed.Count, VirtualLayout.Entry.MostComputed, nameof(bytes));
        Add(VirtualLayout.Entry.FirstComputed + _computed.Count, 0, bytes.Length);
        _computed.Add(bytes);
    }

    /// <summary>Adds a part of a file. What reads it decides what its number means, usually one of <see cref="SourceFiles"/>.</summary>
    /// <param name="file">The number of the file, from 0.</param>
    /// <param name="offset">Where in the file the part begins.</param>
    /// <param name="length">How long it is.</param>
    public void AddFile(int file, long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(file);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Add(file, offset, length);
    }

    /// <summary>Adds zeroes, which take no memory and are shown to clients as a hole.</summary>
    public void AddZeroes(long length) => Add(VirtualLayout.Entry.Zeroes, 0, length);

    /// <summary>Adds zeroes up to a place on the disk.</summary>
    /// <param name="position">The place; not before <see cref="Position"/>.</param>
    public void FillTo(long position) => AddZeroes(position - Position);

    /// <summary>Adds zeroes up to the next multiple of a number.</summary>
    public void AlignTo(long unit) => AddZeroes(((Position + unit - 1) / unit * unit) - Position);

    /// <summary>The finished layout.</summary>
    public VirtualLayout Build() => new([.. _entries], [.. _bytes], [.. _computed], Position);

    private void Add(int source, long sourceOffset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (length == 0)
        {
            return;
        }

        // Neighbouring holes are one.
        if (source != VirtualLayout.Entry.Zeroes || _entries.Count == 0 || _entries[^1].Source != VirtualLayout.Entry.Zeroes)
        {
            _entries.Add(new VirtualLayout.Entry(Position, sourceOffset, source));
        }

        Position = checked(Position + length);
    }
}

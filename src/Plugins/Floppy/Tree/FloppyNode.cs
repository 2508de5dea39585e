namespace SharpNbd.Plugins;

/// <summary>A file or directory of the tree that becomes a FAT file system.</summary>
/// <param name="name">The name that it has there.</param>
/// <param name="time">When its content last changed.</param>
internal abstract class FloppyNode(string name, DateTime time)
{
    public string Name => name;

    public DateTime Time => time;

    /// <summary>Its other name, of 8 characters and 3, as it stands on the disk.</summary>
    public ShortName ShortName
    {
        get;
        set
        {
            field = value;
            EntryCount = 1 + (value.Says(name) ? 0 : (name.Length + LongNameEntry.Characters - 1) / LongNameEntry.Characters);
        }
    }

    /// <summary>
    /// The number of entries of 32 bytes that it takes in its directory: the one of its short name, and in front of that as many as the
    /// long name needs, unless the short one says it all.
    /// </summary>
    public int EntryCount { get; private set; }

    /// <summary>Where its content begins; 0 when it has none.</summary>
    public uint FirstCluster { get; set; }

    /// <summary>The number of bytes that its content takes.</summary>
    public abstract long Length { get; }
}

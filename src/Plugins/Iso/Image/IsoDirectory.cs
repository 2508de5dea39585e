namespace SharpNbd.Plugins;

/// <summary>A directory as one of the two trees has it.</summary>
/// <param name="node">What it shows.</param>
/// <param name="identifier">Its name in this tree; a single zero for the root.</param>
/// <param name="parent">Where it lies; null for the root, which is its own parent.</param>
internal sealed class IsoDirectory(IsoNode node, byte[] identifier, IsoDirectory? parent)
{
    public IsoNode Node => node;

    public byte[] Identifier => identifier;

    public IsoDirectory Parent => parent ?? this;

    public bool IsRoot => parent is null;

    /// <summary>1 for the root.</summary>
    public int Level { get; } = parent is null ? 1 : parent.Level + 1;

    public List<IsoEntry> Entries { get; } = [];

    /// <summary>The number of links: from its parent, from itself, and from each directory in it.</summary>
    public uint Links { get; private set; }

    /// <summary>Counts the links, once all entries are there.</summary>
    public void CountLinks() => Links = 2 + (uint)Entries.Count(entry => entry.Node.IsDirectory);

    /// <summary>Where it belongs, when it has been moved.</summary>
    public IsoDirectory? Origin { get; init; }

    /// <summary>It only holds directories that have been moved.</summary>
    public bool IsRelocation { get; init; }

    /// <summary>Its number in the path table, from 1.</summary>
    public ushort Number { get; set; }

    /// <summary>The first block of its records.</summary>
    public uint Location { get; set; }

    /// <summary>The length of its records, in whole blocks.</summary>
    public uint Length { get; set; }
}

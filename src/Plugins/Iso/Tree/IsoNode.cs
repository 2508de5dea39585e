using System.Text;

namespace SharpNbd.Plugins;

/// <summary>A directory, file or anything else that goes into the image.</summary>
internal sealed class IsoNode
{
    /// <summary>What <see cref="File"/> is when no file holds content of its own for this.</summary>
    public const int NoFile = -1;

    public required byte[] Name { get; init; }

    /// <summary>Kind and permissions, as <c>st_mode</c>.</summary>
    public ushort Mode { get; init; }

    public uint Links { get; init; } = 1;

    public uint UserId { get; init; }

    public uint GroupId { get; init; }

    public uint DeviceMajor { get; init; }

    public uint DeviceMinor { get; init; }

    public DateTime Time { get; init; }

    public byte[]? LinkTarget { get; init; }

    /// <summary>What a directory holds, in the order of names; null for all else.</summary>
    public List<IsoNode>? Children { get; init; }

    /// <summary>The number of the file that holds the content, among <see cref="SourceFiles"/>.</summary>
    public int File { get; init; } = NoFile;

    /// <summary>The content, or its first bytes where <see cref="File"/> has the rest.</summary>
    public byte[]? Content { get; set; }

    public long Size { get; init; }

    /// <summary>Where the content begins, in blocks.</summary>
    public uint Location { get; set; }

    /// <summary>Another name of the same file, whose content is used.</summary>
    public IsoNode? Original { get; init; }

    public bool IsHiddenFromIso { get; set; }

    public bool IsHiddenFromJoliet { get; set; }

    /// <summary>Has the attribute "hidden" (ECMA-119, 9.1.6, bit 0).</summary>
    public bool HasHiddenAttribute { get; set; }

    public bool IsDirectory => Children is not null;

    public bool IsRegular => (Mode & 0xf000) == 0x8000;

    /// <summary>Something that only Rock Ridge can describe.</summary>
    public bool IsSpecial => !IsDirectory && !IsRegular;

    /// <summary>The child of a name, or null.</summary>
    public IsoNode? Find(ReadOnlySpan<byte> name) => PlaceOf(name) is >= 0 and var place ? Children![place] : null;

    /// <summary>What a path from this directory leads to, or null.</summary>
    public IsoNode? FindPath(string path)
    {
        var node = this;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            node = node?.Find(Encoding.UTF8.GetBytes(part));
        }

        return node;
    }

    /// <summary>Adds a child, in its place in the order of names; one of the same name is replaced.</summary>
    public void Add(IsoNode child)
    {
        var place = PlaceOf(child.Name);
        if (place >= 0)
        {
            Children![place] = child;
        }
        else
        {
            Children!.Insert(~place, child);
        }
    }

    /// <summary>Adds children in the order of their names; those of the same name are replaced.</summary>
    public void AddAll(List<IsoNode> children)
    {
        var known = Children!.Count;
        foreach (var child in children)
        {
            var place = PlaceOf(child.Name, known);
            if (place >= 0)
            {
                Children[place] = child;
            }
            else
            {
                Children.Add(child);
            }
        }

        if (known > 0 && Children.Count > known)
        {
            Children.Sort((one, other) => one.Name.AsSpan().SequenceCompareTo(other.Name));
        }
    }

    /// <summary>All directories from this one on, each behind its parent, level by level.</summary>
    public List<IsoNode> Directories()
    {
        var directories = new List<IsoNode> { this };
        for (var next = 0; next < directories.Count; next++)
        {
            directories.AddRange(directories[next].Children!.Where(child => child.IsDirectory));
        }

        return directories;
    }

    private int PlaceOf(ReadOnlySpan<byte> name) => PlaceOf(name, Children?.Count ?? 0);

    /// <summary>Where a name is among the first children, or the complement of where it would have to be.</summary>
    private int PlaceOf(ReadOnlySpan<byte> name, int count)
    {
        var (low, high) = (0, count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = name.SequenceCompareTo(Children![middle].Name);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }

        return ~low;
    }
}

namespace SharpNbd.Plugins;

/// <summary>A directory.</summary>
/// <param name="name">The name that it has on the disk.</param>
/// <param name="displayName">Its path, for messages.</param>
/// <param name="parent">The directory that holds it; null for the root.</param>
/// <param name="time">When its content last changed.</param>
internal sealed class FloppyDirectory(string name, string displayName, FloppyDirectory? parent, DateTime time) : FloppyNode(name, time)
{
    public string DisplayName => displayName;

    public FloppyDirectory? Parent => parent;

    public List<FloppyNode> Children { get; } = [];

    /// <summary>The entries besides those of its children: <c>.</c> and <c>..</c>, or in the root the volume's label.</summary>
    public int OwnEntries { get; set; } = 2;

    /// <summary>The bytes of its entries. The entry behind the last one is zero, which ends the list; a full cluster needs none.</summary>
    public override long Length => (long)EntriesInside * DirectoryEntry.Size;

    /// <summary>The entries of the directory.</summary>
    public int EntriesInside => OwnEntries + Children.Sum(child => child.EntryCount);

    /// <summary>The directory and all below it, each before what is in it.</summary>
    public IEnumerable<FloppyDirectory> WithAllInside()
    {
        var pending = new Stack<FloppyDirectory>([this]);
        while (pending.TryPop(out var directory))
        {
            yield return directory;
            foreach (var inner in directory.Children.OfType<FloppyDirectory>().Reverse())
            {
                pending.Push(inner);
            }
        }
    }
}

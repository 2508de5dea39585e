namespace SharpNbd.Plugins;

/// <summary>The number by which systems tell volumes apart: the same for the same tree, so that a restart of the server goes unnoticed.</summary>
internal static class SerialNumber
{
    /// <summary>The number of a tree.</summary>
    public static uint Of(IEnumerable<FloppyDirectory> directories, string label)
    {
        // FNV-1a, by whole characters and numbers: good enough for what only has to differ.
        var hash = 0xcbf2_9ce4_8422_2325;
        void Add(ulong value) => hash = (hash ^ value) * 0x0000_0100_0000_01b3;
        void AddText(string text)
        {
            foreach (var character in text)
            {
                Add(character);
            }
        }

        AddText(label);
        foreach (var node in directories.SelectMany(directory => directory.Children))
        {
            AddText(node.Name);
            Add((ulong)node.Time.Ticks);
            Add((ulong)node.Length);
        }

        return (uint)(hash ^ (hash >> 32));
    }
}

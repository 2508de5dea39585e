using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>The number by which systems tell volumes apart: the same for the same tree, so that a restart of the server goes unnoticed.</summary>
internal static class SerialNumber
{
    /// <summary>The number of a tree.</summary>
    public static uint Of(IEnumerable<FloppyDirectory> directories, string label)
    {
        // FNV-1a: short, and good enough for a number that only has to differ.
        var hash = 2_166_136_261u;
        void Add(ReadOnlySpan<byte> bytes)
        {
            foreach (var value in bytes)
            {
                hash = (hash ^ value) * 16_777_619;
            }
        }

        Add(MemoryMarshal.AsBytes(label.AsSpan()));
        foreach (var node in directories.SelectMany(directory => directory.Children))
        {
            Add(MemoryMarshal.AsBytes(node.Name.AsSpan()));
            Add(BitConverter.GetBytes(node.Time.Ticks));
            Add(BitConverter.GetBytes(node.Length));
        }

        return hash;
    }
}

using SharpNbd.Abstractions;
using SharpNbd.Plugins;

namespace SharpNbd.Benchmarks;

/// <summary>The disk of the memory plugin, with every page written.</summary>
internal static class MemoryDisk
{
    public static Disk Create(ByteStore store)
    {
        var block = new byte[1 << 20];
        new Random(1).NextBytes(block);
        for (var offset = 0L; offset < store.Size; offset += block.Length)
        {
            store.Write(offset, block);
        }

        return new StoreDisk(store);
    }
}

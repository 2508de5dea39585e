namespace SharpNbd.Plugins;

/// <summary>What is known of kinds of file systems.</summary>
internal static unsafe class FileSystems
{
    private const long TmpfsMagic = 0x01021994;
    private const long RamfsMagic = 0x858458f6;

    /// <summary>Whether an open file lies in memory, so that reading never waits for a device.</summary>
    public static bool IsInMemory(int descriptor)
    {
        // The answer is shorter than this; its first word is the kind.
        var status = stackalloc long[32];
        return Libc.FileSystemStatus(descriptor, status) == 0 && status[0] is TmpfsMagic or RamfsMagic;
    }
}

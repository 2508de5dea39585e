namespace SharpNbd.Plugins;

/// <summary>What can be expected of reads and writes on the file system or device that holds a file.</summary>
internal enum FileSystemKind
{
    /// <summary>Anything may wait, for example for another machine (NFS, FUSE).</summary>
    Slow,

    /// <summary>Tells whether a read would have to wait, and takes writes into the page cache (ext4, XFS, block devices).</summary>
    Cached,

    /// <summary>Holds its files in memory, and so never waits, but does not know RWF_NOWAIT (tmpfs).</summary>
    Memory,
}

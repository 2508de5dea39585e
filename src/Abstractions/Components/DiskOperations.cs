namespace SharpNbd.Abstractions;

/// <summary>What a plugin's disks serve themselves, beyond reading: the <c>has_…</c> keys of <c>--dump-plugin</c>.</summary>
[Flags]
public enum DiskOperations
{
    /// <summary>Reading only.</summary>
    None = 0,

    /// <summary><see cref="Disk.WriteAsync"/>.</summary>
    Write = 1,

    /// <summary><see cref="Disk.FlushAsync"/>.</summary>
    Flush = 2,

    /// <summary><see cref="Disk.TrimAsync"/>.</summary>
    Trim = 4,

    /// <summary><see cref="Disk.ZeroAsync"/>.</summary>
    Zero = 8,

    /// <summary><see cref="Disk.CacheAsync"/>.</summary>
    Cache = 16,

    /// <summary><see cref="Disk.GetExtentsAsync"/>.</summary>
    Extents = 32,

    /// <summary>Several connections share a disk safely.</summary>
    MultiConn = 64,

    /// <summary>Exports are listed by name.</summary>
    ListExports = 128,
}

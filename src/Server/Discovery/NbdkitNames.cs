namespace SharpNbd.Server;

/// <summary>The plugins and filters of all nbdkit releases, so that a name can be told apart from a typing mistake.</summary>
internal static class NbdkitNames
{
    /// <summary>Plugins, alphabetically.</summary>
    public static IReadOnlyList<string> Plugins { get; } =
    [
        "S3", "blkio", "cc", "cdi", "curl", "data", "eval", "example1", "example2", "example3", "example4", "file", "floppy", "full", "gcs",
        "golang", "guestfs", "info", "iso", "libvirt", "linuxdisk", "lua", "memory", "nbd", "nfs", "null", "ocaml", "ondemand", "ones",
        "partitioning", "pattern", "perl", "python", "random", "ruby", "rust", "sh", "sparse-random", "split", "ssh", "tcl", "tmpdisk",
        "torrent", "vddk", "zero",
    ];

    /// <summary>Filters, alphabetically.</summary>
    public static IReadOnlyList<string> Filters { get; } =
    [
        "blocksize", "blocksize-policy", "bzip2", "cache", "cacheextents", "checkwrite", "count", "cow", "ddrescue", "delay", "error", "evil",
        "exitlast", "exitwhen", "exportname", "ext2", "extentlist", "fua", "gzip", "indexed-gzip", "ip", "limit", "log", "luks", "lzip", "map",
        "multi-conn", "nocache", "noextents", "nofilter", "noparallel", "nozero", "offset", "openonce", "partition", "pause", "protect",
        "qcow2dec", "rate", "readahead", "readonly", "retry", "retry-request", "rotational", "scan", "spinning", "stats", "swab", "tar",
        "time-limit", "tls-fallback", "truncate", "xz",
    ];
}

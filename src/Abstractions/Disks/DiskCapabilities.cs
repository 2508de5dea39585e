namespace SharpNbd.Abstractions;

/// <summary>
/// What a disk can do. Fixed once the disk is open; the engine asks once and keeps the answer. A filter changes it with
/// <c>Inner.Capabilities with { … }</c>. The default is a read-only disk that offers nothing.
/// </summary>
public sealed record DiskCapabilities
{
    /// <summary>Writes are served. When false, nothing that changes the disk is advertised, whatever else is set.</summary>
    public bool CanWrite { get; init; }

    /// <summary><see cref="Disk.FlushAsync"/> makes all completed writes stable.</summary>
    public bool CanFlush { get; init; }

    /// <summary><see cref="Disk.TrimAsync"/> is served.</summary>
    public bool CanTrim { get; init; }

    /// <summary>
    /// <see cref="Support.Native"/>: <see cref="Disk.ZeroAsync"/> is served by the disk. A plugin that leaves it at
    /// <see cref="Support.None"/> gets zeroes by writing them.
    /// </summary>
    public Support Zero { get; init; }

    /// <summary><see cref="ZeroFlags.Fast"/> is understood: answered fast, or refused fast with ENOTSUP.</summary>
    public bool CanFastZero { get; init; }

    /// <summary>
    /// <see cref="Support.Native"/>: FUA flags reach the disk. A plugin that can flush and leaves it at
    /// <see cref="Support.None"/> gets a flush behind each such request.
    /// </summary>
    public Support Fua { get; init; }

    /// <summary>
    /// <see cref="Support.Native"/>: <see cref="Disk.CacheAsync"/> is served by the disk; <see cref="Support.Emulated"/>: a cache
    /// request reads the range and throws the bytes away.
    /// </summary>
    public Support Cache { get; init; }

    /// <summary><see cref="Disk.GetExtentsAsync"/> knows more than "everything is data".</summary>
    public bool CanExtents { get; init; }

    /// <summary>
    /// Several connections see one disk: what one has flushed, all read, and a flush on one covers the completed writes of
    /// all (NBD_FLAG_CAN_MULTI_CONN).
    /// </summary>
    public bool CanMultiConn { get; init; }

    /// <summary>Seeks are slow (NBD_FLAG_ROTATIONAL).</summary>
    public bool IsRotational { get; init; }

    /// <summary>Block size constraints, which the engine tells the client and holds it to: no call breaks them. Null where the disk has none;
    /// the engine then states 1 byte, 4 KiB and its own limit.</summary>
    public BlockSize? BlockSize { get; init; }
}

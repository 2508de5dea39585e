namespace SharpNbd.Abstractions;

/// <summary>
/// The error numbers that may appear in a reply (NBD protocol, "Error values"). The values are those on the wire,
/// which are Linux's errno numbers on every platform.
/// </summary>
public enum NbdError : uint
{
    /// <summary>Success.</summary>
    None = 0,

    /// <summary>Operation not permitted, for example a write to a read-only export.</summary>
    EPERM = 1,

    /// <summary>Input/output error; what any failure without a better number becomes.</summary>
    EIO = 5,

    /// <summary>Cannot allocate memory.</summary>
    ENOMEM = 12,

    /// <summary>Invalid argument, for example a range beyond the end of the disk.</summary>
    EINVAL = 22,

    /// <summary>No space left on device, also for a write beyond the end of the disk.</summary>
    ENOSPC = 28,

    /// <summary>Value too large; sent only for a read with the DF flag that cannot be answered in one chunk.</summary>
    EOVERFLOW = 75,

    /// <summary>Operation not supported; sent only for a fast zero that would not be fast.</summary>
    ENOTSUP = 95,

    /// <summary>The server is shutting down.</summary>
    ESHUTDOWN = 108,
}

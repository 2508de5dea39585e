namespace SharpNbd.Viewer;

/// <summary>How a request ended. The log knows these names and no others; <see cref="Other"/> is for logs of the future.</summary>
internal enum LogError : byte
{
    None,
    EPERM,
    EIO,
    ENOMEM,
    EINVAL,
    ENOSPC,
    EOVERFLOW,
    ENOTSUP,
    ESHUTDOWN,
    Other,
}

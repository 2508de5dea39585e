using System.ComponentModel;

namespace SharpNbd.Abstractions;

/// <summary>Finds the error number that a client gets for a failure. The one place that decides it: replies and logs agree.</summary>
public static class ErrorMapping
{
    // .NET gives what the C library said as HResult on Unix, and on Windows this with the system's number in the low half.
    private const int WindowsMask = unchecked((int)0xffff0000);
    private const int WindowsFacility = unchecked((int)0x80070000);

    /// <summary>The error number for an exception that a disk or source has thrown.</summary>
    /// <param name="exception">
    /// <see cref="NbdException"/> carries its own; an I/O exception becomes the errno it carries; a refused access EPERM; lack of
    /// memory ENOMEM; a cancelled request ESHUTDOWN; anything else, a programming mistake too, EIO.
    /// </param>
    public static NbdError FromException(Exception exception) => exception switch
    {
        NbdException e => Enum.IsDefined(e.Error) ? e.Error : NbdError.EIO,
        IOException e => (e.HResult & WindowsMask) == WindowsFacility ? FromWindows(e.HResult & ~WindowsMask) : FromErrno(e.HResult),
        UnauthorizedAccessException => NbdError.EPERM,
        OutOfMemoryException => NbdError.ENOMEM,
        OperationCanceledException => NbdError.ESHUTDOWN,
        Win32Exception e when !OperatingSystem.IsWindows() => FromErrno(e.NativeErrorCode),
        _ => NbdError.EIO,
    };

    /// <summary>
    /// The error number for an errno of the C library: itself where the protocol knows it, the nearest one where there is one, else EIO.
    /// </summary>
    /// <param name="errno">For example 122 (EDQUOT), which becomes ENOSPC.</param>
    public static NbdError FromErrno(int errno) => errno switch
    {
        1 or 13 or 30 => NbdError.EPERM, // EPERM, EACCES, EROFS
        12 => NbdError.ENOMEM,
        22 => NbdError.EINVAL,
        27 or 28 => NbdError.ENOSPC, // EFBIG, ENOSPC
        122 when OperatingSystem.IsLinux() => NbdError.ENOSPC, // EDQUOT
        75 when OperatingSystem.IsLinux() => NbdError.EOVERFLOW,
        95 when OperatingSystem.IsLinux() => NbdError.ENOTSUP,
        108 when OperatingSystem.IsLinux() => NbdError.ESHUTDOWN,
        69 when OperatingSystem.IsMacOS() => NbdError.ENOSPC, // EDQUOT
        45 or 102 when OperatingSystem.IsMacOS() => NbdError.ENOTSUP, // ENOTSUP, EOPNOTSUPP
        _ => NbdError.EIO,
    };

    private static NbdError FromWindows(int error) => error switch
    {
        5 or 19 => NbdError.EPERM, // access denied, write-protected medium
        8 or 14 => NbdError.ENOMEM,
        39 or 112 => NbdError.ENOSPC, // handle disk full, disk full
        50 => NbdError.ENOTSUP,
        _ => NbdError.EIO,
    };
}

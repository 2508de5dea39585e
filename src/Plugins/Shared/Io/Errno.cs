using System.Runtime.InteropServices;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The error numbers of Linux that file I/O distinguishes.</summary>
internal static class Errno
{
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int EINTR = 4;
    public const int ENXIO = 6;
    public const int ENOEXEC = 8;
    public const int EAGAIN = 11;
    public const int EACCES = 13;
    public const int ENODEV = 19;
    public const int ENOTDIR = 20;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int ENOTTY = 25;
    public const int ETXTBSY = 26;
    public const int EROFS = 30;
    public const int ENOSYS = 38;
    public const int EOPNOTSUPP = 95;

    /// <summary>The number that the last libc call of this thread left.</summary>
    public static int Last
    {
        get => Marshal.GetLastPInvokeError();
        set => Marshal.SetLastPInvokeError(value);
    }

    /// <summary>The C library's words for a number.</summary>
    public static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>The exception for a call that failed.</summary>
    /// <param name="error">The number it left.</param>
    /// <param name="what">What could not be done, for example <c>cannot write disk.img</c>.</param>
    /// <param name="readUpTo">For a read, the offset up to which the buffer is right.</param>
    public static NbdException Exception(int error, string what, long? readUpTo = null)
        => new(ErrorMapping.FromErrno(error), $"{what}: {Text(error)}") { FailedAt = readUpTo };
}

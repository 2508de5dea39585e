using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>
/// The calls of the C library that file I/O needs and .NET does not offer, on 64-bit Linux. Failures leave their number
/// where <see cref="Marshal.GetLastPInvokeError"/> finds it, except where a call says otherwise.
/// </summary>
internal static unsafe partial class Libc
{
    /// <summary>Directory argument: relative paths begin at the current directory.</summary>
    public const int CurrentDirectory = -100;

    /// <summary>statx: the descriptor itself is meant, the path is empty.</summary>
    public const int EmptyPath = 0x1000;

    /// <summary>statx: a symbolic link itself is meant, not what it leads to.</summary>
    public const int NoFollow = 0x100;

    /// <summary>statx: everything that stat knows.</summary>
    public const uint BasicStatus = 0x7ff;

    public const int OpenReadOnly = 0;
    public const int OpenReadWrite = 2;
    public const int OpenAccessMode = 3;
    public const int OpenNoTerminal = 0x100;

    /// <summary>Do not wait for the other end of a pipe.</summary>
    public const int OpenNonBlocking = 0x800;

    /// <summary>Only the place in the file system, for openat; needs no right to read.</summary>
    public const int OpenPathOnly = 0x200000;
    public const int OpenCloseOnExec = 0x80000;

    public const int DuplicateCloseOnExec = 1030;
    public const int GetStatusFlags = 3;

    /// <summary>preadv2: fail with EAGAIN instead of waiting for the device.</summary>
    public const int NoWait = 8;

    public const int KeepSize = 1;
    public const int PunchHole = 2;
    public const int ZeroRange = 0x10;

    public const int SeekEnd = 2;
    public const int SeekData = 3;
    public const int SeekHole = 4;

    public const int AdviseRandom = 1;
    public const int AdviseSequential = 2;
    public const int AdviseWillNeed = 3;
    public const int AdviseDontNeed = 4;

    /// <summary>sync_file_range: start writing dirty pages to the device, wait for nothing.</summary>
    public const uint StartWriteOut = 2;

    /// <summary>The number of cachestat, from Linux 6.5 on, the same everywhere; older kernels say ENOSYS.</summary>
    public const nint CacheStatusCall = 451;

    /// <summary>splice: do not wait for room in the pipe.</summary>
    public const uint SpliceNonBlocking = 2;

    public const nuint BlockDiscard = 0x1277;
    public const nuint BlockZeroOut = 0x127f;
    public const nuint BlockSectorSize = 0x1268;

    public const int LockShared = 1;
    public const int LockExclusive = 2;

    /// <summary>flock: fail with EAGAIN instead of waiting for whoever holds the lock.</summary>
    public const int LockWithoutWaiting = 4;

    public const int Unlock = 8;

    /// <summary>Whether these calls, with these numbers, are what the platform has.</summary>
    public static bool IsAvailable { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess
        && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64;

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(int directory, string path, int flags);

    /// <summary>The path in the system's own bytes, with a zero behind it.</summary>
    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(int directory, byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Status(int directory, string path, int flags, uint mask, FileStatus* status);

    /// <summary>The path in the system's own bytes, with a zero behind it.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static partial int Status(int directory, byte* path, int flags, uint mask, FileStatus* status);

    /// <summary>Whether this process may open a file for reading; false leaves the reason in the last error.</summary>
    /// <param name="path">The path in the system's bytes, with a zero behind it.</param>
    public static bool CanRead(ReadOnlySpan<byte> path)
    {
        const int Readable = 4;
        const int EffectiveUser = 0x200;
        fixed (byte* pointer = path)
        {
            // A path that is too long for the kernel in one piece is not judged here.
            return Access(CurrentDirectory, pointer, Readable, EffectiveUser) == 0 || Errno.Last != Errno.EACCES;
        }
    }

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true)]
    private static partial int Access(int directory, byte* path, int mode, int flags);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLink(int directory, byte* path, byte* buffer, nuint length);

    /// <summary>Fills the buffer with entries of a directory, each as <see cref="DirectoryReader"/> takes them apart; 0 at the end.</summary>
    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    public static partial nint ReadDirectory(int descriptor, byte* buffer, nuint length);

    /// <summary>The kind of file system is the first word of the answer, which is 120 bytes long.</summary>
    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    public static partial int FileSystemStatus(int descriptor, long* status);

    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    public static partial nint ReadVector(int descriptor, IoVector* vectors, int count, long offset, int flags);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* data, nuint length, long offset);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int SyncData(int descriptor);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    public static partial int SyncRange(int descriptor, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static partial int Allocate(int descriptor, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(int descriptor, long offset, int origin);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint WriteDescriptor(int descriptor, void* data, nuint length);

    [LibraryImport("libc", EntryPoint = "splice", SetLastError = true)]
    public static partial nint Splice(int from, long* fromOffset, int to, long* toOffset, nuint length, uint flags);

    /// <summary>cachestat, which the C library does not wrap: offset and length in, five counts of pages out, the first those that are cached.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint CacheStatus(nint call, int descriptor, ulong* range, ulong* pages, uint flags);

    /// <summary>Returns the error number itself.</summary>
    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    public static partial int Advise(int descriptor, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int DeviceControl(int descriptor, nuint request, void* argument);
}

using System.Globalization;
using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>
/// Anonymous mappings. A mapping costs address space until its pages are touched, so that it can be taken a GiB at a time; neighbours
/// become one for the kernel, whose limit of mappings is thus never met.
/// </summary>
internal sealed unsafe partial class LinuxPageMemory : PageMemory
{
    private const int ProtectionReadWrite = 1 | 2;
    private const int MapPrivate = 0x02;
    private const int MapAnonymous = 0x20;
    private const int MapNoReserve = 0x4000;
    private const int DontNeed = 4;
    private const int NoHugePage = 15;
    private const int DontNeedLocked = 24;
    private const int ResourceLockedMemory = 8;

    /// <inheritdoc/>
    public override int PageSize { get; } = Math.Max(4096, Environment.SystemPageSize);

    /// <inheritdoc/>
    public override long ChunkSize => 1L << 30;

    /// <inheritdoc/>
    public override nint Map(long length, bool reserve)
    {
        var flags = MapPrivate | MapAnonymous | (reserve ? 0 : MapNoReserve);
        var address = MMap(0, (nuint)length, ProtectionReadWrite, flags, -1, 0);
        if (address == -1)
        {
            return 0;
        }

        // A huge page makes the first touch of a place 512 times as long, and a hole would then be 2 MiB. Kernels without
        // huge pages refuse the advice, which is as good.
        _ = MAdvise(address, (nuint)length, NoHugePage);
        return address;
    }

    /// <inheritdoc/>
    public override void Unmap(nint address, long length) => _ = MUnmap(address, (nuint)length);

    /// <inheritdoc/>
    public override void Release(nint address, long length)
    {
        // Memory that mlockall has pinned wants the second form, which kernels know from 5.18; where neither helps, the
        // bytes are at least cleared.
        if (MAdvise(address, (nuint)length, DontNeed) != 0 && MAdvise(address, (nuint)length, DontNeedLocked) != 0)
        {
            NativeMemory.Clear((void*)address, (nuint)length);
        }
    }

    /// <inheritdoc/>
    public override string? TryLock(nint address, long length)
    {
        if (MLock(address, (nuint)length) == 0)
        {
            return null;
        }

        var reason = Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());
        var limits = stackalloc ulong[2];
        var now = GetRLimit(ResourceLockedMemory, limits) == 0 && limits[0] != ulong.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $", now {limits[0] / 1024} KiB")
            : "";
        return $"({reason}); raise the limit of locked memory (ulimit -l{now}) or give the server CAP_IPC_LOCK";
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint MMap(nint address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int MUnmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int MAdvise(nint address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "mlock", SetLastError = true)]
    private static partial int MLock(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetRLimit(int resource, ulong* limits);
}

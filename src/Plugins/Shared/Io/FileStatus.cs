using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>What <c>statx</c> tells of a file; laid out alike on every architecture, unlike <c>struct stat</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    private const ushort KindMask = 0xf000;

    [FieldOffset(4)]
    public uint PreferredBlockSize;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(40)]
    public long Size;

    [FieldOffset(128)]
    public uint DeviceMajor;

    [FieldOffset(132)]
    public uint DeviceMinor;

    public readonly bool IsRegular => (Mode & KindMask) == 0x8000;

    public readonly bool IsBlockDevice => (Mode & KindMask) == 0x6000;

    public readonly bool IsDirectory => (Mode & KindMask) == 0x4000;

    /// <summary>The status of an open file; false leaves the reason in the last error.</summary>
    public static unsafe bool TryGet(int descriptor, out FileStatus status)
    {
        fixed (FileStatus* pointer = &status)
        {
            return Libc.Status(descriptor, "", Libc.EmptyPath, Libc.BasicStatus, pointer) == 0;
        }
    }

    /// <summary>The status of what a path leads to, symbolic links followed; false leaves the reason in the last error.</summary>
    public static unsafe bool TryGet(int directory, string path, out FileStatus status)
    {
        fixed (FileStatus* pointer = &status)
        {
            return Libc.Status(directory, path, 0, Libc.BasicStatus, pointer) == 0;
        }
    }
}

using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>What <c>statx</c> tells of a file; laid out alike on every architecture, unlike <c>struct stat</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    private const ushort KindMask = 0xf000;

    [FieldOffset(4)]
    public uint PreferredBlockSize;

    [FieldOffset(16)]
    public uint Links;

    [FieldOffset(20)]
    public uint UserId;

    [FieldOffset(24)]
    public uint GroupId;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public long Size;

    [FieldOffset(64)]
    public FileTime AccessTime;

    [FieldOffset(96)]
    public FileTime ChangeTime;

    [FieldOffset(112)]
    public FileTime ModificationTime;

    [FieldOffset(128)]
    public uint DeviceMajor;

    [FieldOffset(132)]
    public uint DeviceMinor;

    [FieldOffset(136)]
    public uint FileSystemMajor;

    [FieldOffset(140)]
    public uint FileSystemMinor;

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

    /// <summary>The status of what a path leads to; false leaves the reason in the last error.</summary>
    /// <param name="directory">Where a relative path begins.</param>
    /// <param name="path">The path in the system's bytes, with a zero behind it.</param>
    /// <param name="followLinks">Whether a symbolic link at its end is followed.</param>
    /// <param name="status">The status.</param>
    public static unsafe bool TryGet(int directory, ReadOnlySpan<byte> path, bool followLinks, out FileStatus status)
    {
        fixed (byte* name = path)
        fixed (FileStatus* pointer = &status)
        {
            return Libc.Status(directory, name, followLinks ? 0 : Libc.NoFollow, Libc.BasicStatus, pointer) == 0;
        }
    }
}

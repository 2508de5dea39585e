namespace SharpNbd.Plugins;

/// <summary>What is known of a file or directory that was found while a tree was scanned.</summary>
internal readonly record struct FileFacts
{
    private const ushort KindMask = 0xf000;

    /// <summary>Kind and permissions, as <c>st_mode</c>.</summary>
    public ushort Mode { get; init; }

    public uint Links { get; init; }

    public uint UserId { get; init; }

    public uint GroupId { get; init; }

    public uint DeviceMajor { get; init; }

    public uint DeviceMinor { get; init; }

    public FileIdentity Identity { get; init; }

    public DateTime AccessTime { get; init; }

    public DateTime ChangeTime { get; init; }

    public DateTime ModificationTime => Identity.ModificationTime;

    public long Size => Identity.Size;

    public bool IsRegular => (Mode & KindMask) == 0x8000;

    public bool IsDirectory => (Mode & KindMask) == 0x4000;

    public bool IsSymbolicLink => (Mode & KindMask) == 0xa000;

    public bool IsDevice => (Mode & KindMask) is 0x2000 or 0x6000;

    /// <summary>What the system told.</summary>
    public static FileFacts Of(in FileStatus status) => new()
    {
        Mode = status.Mode,
        Links = status.Links,
        UserId = status.UserId,
        GroupId = status.GroupId,
        DeviceMajor = status.DeviceMajor,
        DeviceMinor = status.DeviceMinor,
        Identity = FileIdentity.Of(status),
        AccessTime = status.AccessTime.ToDateTime(),
        ChangeTime = status.ChangeTime.ToDateTime(),
    };

    /// <summary>What .NET tells on every platform.</summary>
    public static FileFacts Of(FileSystemInfo entry)
    {
        var isLink = entry.LinkTarget is not null;
        var kind = isLink ? 0xa000 : entry is DirectoryInfo ? 0x4000 : 0x8000;
        return new FileFacts
        {
            Mode = (ushort)(kind | (OperatingSystem.IsWindows() ? entry is DirectoryInfo ? 0x1ed : 0x1a4 : (int)entry.UnixFileMode)),
            Links = 1,
            Identity = FileIdentity.Of(entry),
            AccessTime = entry.LastAccessTimeUtc,
            ChangeTime = entry.LastWriteTimeUtc,
        };
    }
}

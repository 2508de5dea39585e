namespace SharpNbd.Plugins;

/// <summary>
/// What tells that a file is still the one that was scanned, with the same content: whoever writes to it changes the time
/// of modification, whoever replaces it the file's number.
/// </summary>
/// <param name="Size">The number of bytes.</param>
/// <param name="ModificationTicks">When the content last changed, in .NET's ticks of 100 ns.</param>
/// <param name="Inode">The file's number on its file system; 0 where that is not known.</param>
/// <param name="Device">The file system.</param>
internal readonly record struct FileIdentity(long Size, long ModificationTicks, ulong Inode, ulong Device)
{
    public DateTime ModificationTime => new(ModificationTicks, DateTimeKind.Utc);

    public static FileIdentity Of(in FileStatus status) => new(
        status.Size,
        status.ModificationTime.ToDateTime().Ticks,
        status.Inode,
        ((ulong)status.FileSystemMajor << 32) | status.FileSystemMinor);

    /// <summary>What .NET tells on every platform, where files have no number.</summary>
    public static FileIdentity Of(FileSystemInfo entry) => new(entry is FileInfo file ? file.Length : 0, entry.LastWriteTimeUtc.Ticks, 0, 0);

    /// <summary>In words, what has become of the file since; null when it is the same.</summary>
    /// <param name="now">What it is now.</param>
    public string? DifferenceTo(FileIdentity now)
    {
        if (this == now)
        {
            return null;
        }

        return Inode != now.Inode || Device != now.Device ? "it has been replaced"
            : Size != now.Size ? $"its size was {Size} and is {now.Size}"
            : "it has been written to";
    }
}

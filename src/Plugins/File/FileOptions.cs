using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>What the file plugin serves, and how.</summary>
public sealed record FileOptions
{
    [Parameter("file", "The file or block device to serve, whatever export the client names.", IsMagic = true)]
    public FilePath? File { get; init; }

    [Parameter("dir", "Serve the files and block devices directly inside this directory; the export name chooses.", ValueName = "DIRECTORY")]
    public FilePath? Directory { get; init; }

    [Parameter("fd", "Serve the file that is open as this inherited descriptor, 3 or more.")]
    public int? FileDescriptor { get; init; }

    [Parameter("dirfd", "As dir=, for a directory that is open as this inherited descriptor, 3 or more.")]
    public int? DirectoryDescriptor { get; init; }

    [Parameter("cache", "default, or none to drop what was read or written from the page cache afterwards.", ValueName = "MODE")]
    public FileCacheMode Cache { get; init; }

    [Parameter("fadvise", "normal, random or sequential: how the file will be read, so that the kernel reads ahead accordingly.", ValueName = "PATTERN")]
    public FileAccessPattern Advice { get; init; }
}

using System.Globalization;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Makes the image: mke2fs makes the file system in its place in the file, we put the partition table around it.</summary>
/// <param name="options">The parameters.</param>
/// <param name="path">Where the image goes.</param>
internal sealed class LinuxdiskBuilder(LinuxdiskOptions options, string path)
{
    /// <summary>Where the partition begins: where partitioning programs put it.</summary>
    private const long PartitionOffset = 1 << 20;

    private const int MostAttempts = 12;
    private const long Kibi = 1024;

    // A file takes whole blocks, of at most this size.
    private const long LargestBlock = 4096;
    private const long InodeSize = 256;
    private const long BytesPerInode = 16384;
    private const long Journal = 5 << 20;

    /// <summary>Makes it.</summary>
    /// <exception cref="ParameterException">That is not possible; mke2fs says why.</exception>
    public async ValueTask BuildAsync(CancellationToken cancellationToken)
    {
        var wanted = options.Size is null ? 0 : ByteSize.Parse(options.Size).Value;
        var isFreeSpace = options.Size?.TrimStart().StartsWith('+') ?? true;
        var (bytes, entries) = Measure();
        var free = isFreeSpace ? wanted : 0;
        var inodes = entries + 64 + (free / BytesPerInode);
        var size = isFreeSpace ? Estimate(bytes, inodes) + free : wanted;
        for (var attempt = 1; ; attempt++)
        {
            size = (size + Kibi - 1) / Kibi * Kibi;
            var result = await MakeFileSystemAsync(size, isFreeSpace ? inodes : null, cancellationToken);
            if (result.Exit.IsSuccess)
            {
                break;
            }

            // How much the metadata of a file system takes only mke2fs knows. It says so when the space was not enough.
            var isTooSmall = result.Error.Contains("Could not allocate", StringComparison.Ordinal)
                || result.Error.Contains("No space", StringComparison.Ordinal) || result.Error.Contains("too small", StringComparison.Ordinal);
            if (!isTooSmall || !isFreeSpace || attempt == MostAttempts)
            {
                throw new ParameterException($"the file system cannot be made: mke2fs: {result.Complaint}");
            }

            size += Math.Max(1 << 20, (size - free) / 8);
        }

        await WriteTableAsync(size, cancellationToken);
    }

    private static long Estimate(long bytes, long inodes) => bytes + (bytes / 50) + (inodes * InodeSize) + (1 << 18);

    // What du would say: whole blocks for each file, and each directory at least one.
    private (long Bytes, long Entries) Measure()
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        var (bytes, entries) = (0L, 1L);
        try
        {
            foreach (var entry in new DirectoryInfo(options.Directory.Value).EnumerateFileSystemInfos("*", everything))
            {
                entries++;
                bytes += entry is FileInfo { LinkTarget: null } file ? (file.Length + LargestBlock - 1) / LargestBlock * LargestBlock : LargestBlock;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ParameterException($"dir={options.Directory.Value}: {e.Message}");
        }

        return (options.Type == LinuxdiskType.Ext2 ? bytes : bytes + Journal, entries);
    }

    private async Task<ProgramResult> MakeFileSystemAsync(long size, long? inodes, CancellationToken cancellationToken)
    {
        var disk = new PartitionedDisk(PartitionOffset, size);
        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write))
        {
            file.SetLength(disk.Size);
        }

        using var threads = new IoThreads("linuxdisk", 1, TimeSpan.FromSeconds(1));
        var run = new ProgramRun(
            [
                "mke2fs", "-q", "-F", "-t", options.Type.ToString().ToLowerInvariant(), "-m", "0", "-d", options.Directory.Value,
                .. options.Label is { Length: > 0 } label ? ["-L", label] : (string[])[],
                .. inodes is { } count ? ["-N", count.ToString(CultureInfo.InvariantCulture)] : (string[])[],
                "-E", string.Create(CultureInfo.InvariantCulture, $"offset={PartitionOffset}"),
                path, string.Create(CultureInfo.InvariantCulture, $"{size / Kibi}k"),
            ],
            [],
            cancellationToken);
        threads.Queue(run);
        return await run.Result;
    }

    private async Task WriteTableAsync(long size, CancellationToken cancellationToken)
    {
        var disk = new PartitionedDisk(PartitionOffset, size);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        await RandomAccess.WriteAsync(file, disk.Head(), 0, cancellationToken);
        await RandomAccess.WriteAsync(file, disk.Tail(), disk.Size - PartitionedDisk.TailSize, cancellationToken);
    }
}

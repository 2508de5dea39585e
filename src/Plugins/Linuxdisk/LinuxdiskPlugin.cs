using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A disk with a Linux file system that holds the files of a directory.</summary>
public sealed class LinuxdiskPlugin : Plugin<LinuxdiskOptions>
{
    /// <inheritdoc/>
    public override string Name => "linuxdisk";

    /// <inheritdoc/>
    public override string Summary => "ext2, ext3 or ext4 file system with the files of a directory, in a partition";

    /// <inheritdoc/>
    public override DiskOperations Operations => DiskOperations.MultiConn | DiskOperations.Cache | DiskOperations.Extents;

    /// <inheritdoc/>
    protected override async ValueTask<DiskSource> CreateAsync(
        LinuxdiskOptions options, ComponentContext context, CancellationToken cancellationToken)
    {
        if (!Libc.IsAvailable)
        {
            throw new ParameterException("disks are made on 64-bit Linux only");
        }

        if (!Directory.Exists(options.Directory.Value))
        {
            throw new ParameterException($"dir={options.Directory.Value}: there is no such directory");
        }

        using var directory = new LargeTemporaryDirectory("linuxdisk", context.Logger);
        var path = Path.Combine(directory.Path, "disk");
        await new LinuxdiskBuilder(options, path).BuildAsync(cancellationToken);

        // The name goes at once, and what the file holds when it is closed, however the server ends.
        return new LinuxdiskSource(File.OpenHandle(path));
    }
}

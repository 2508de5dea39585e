using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A file that whoever started the server has opened.</summary>
internal sealed class InheritedFile : FileLocation
{
    private readonly int _descriptor;
    private readonly FileAccessPattern _advice;

    // The kernel reports a failed write-out once per opening of a file. All connections use the one opening that was
    // inherited, so they also share the place that remembers the report.
    private readonly FlushQueue _flushes = new();

    public InheritedFile(int descriptor, FileAccessPattern advice)
    {
        var status = StatusOf(descriptor, "fd");
        if (status.IsDirectory)
        {
            throw new ParameterException($"fd={descriptor}: this is a directory; use dirfd={descriptor} to serve the files in it");
        }

        if (!status.IsRegular && !status.IsBlockDevice)
        {
            throw new ParameterException($"fd={descriptor}: neither a regular file nor a block device");
        }

        (_descriptor, _advice) = (descriptor, advice);
    }

    /// <summary>The status of a descriptor that was typed.</summary>
    /// <exception cref="ParameterException">It is not open, or not one to be used.</exception>
    public static FileStatus StatusOf(int descriptor, string parameter)
    {
        if (descriptor <= 2)
        {
            throw new ParameterException($"{parameter}={descriptor}: 3 or more is needed, for 0, 1 and 2 are the standard streams");
        }

        return FileStatus.TryGet(descriptor, out var status)
            ? status
            : throw new ParameterException($"{parameter}={descriptor}: {Errno.Text(Errno.Last)}; the descriptor has to be open when the server starts");
    }

    public override DiskFile Open(string exportName, bool isReadOnly)
        => LinuxFile.Duplicate(_descriptor, $"descriptor {_descriptor}", isReadOnly, _advice, _flushes);
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>One file, opened anew for every connection, so that each sees its size of that moment.</summary>
internal sealed class SingleFile : FileLocation
{
    private readonly string _path;
    private readonly FileAccessPattern _advice;

    public SingleFile(string path, FileAccessPattern advice)
    {
        if (!FileStatus.TryGet(Libc.CurrentDirectory, path, out var status))
        {
            throw new ParameterException($"file={path}: {Errno.Text(Errno.Last)}");
        }

        if (status.IsDirectory)
        {
            throw new ParameterException($"file={path}: this is a directory; use dir={path} to serve the files in it");
        }

        if (!status.IsRegular && !status.IsBlockDevice)
        {
            throw new ParameterException($"file={path}: neither a regular file nor a block device");
        }

        (_path, _advice) = (path, advice);
    }

    public override DiskFile Open(string exportName, bool isReadOnly)
        => LinuxFile.Open(Libc.CurrentDirectory, _path, Path.GetFileName(_path), isReadOnly, _advice);
}

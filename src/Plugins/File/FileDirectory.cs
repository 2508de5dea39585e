using System.Globalization;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The regular files and block devices directly inside a directory, chosen by export name. Symbolic links are followed.</summary>
internal sealed class FileDirectory : FileLocation
{
    private readonly int _descriptor;
    private readonly string _path;
    private readonly FileAccessPattern _advice;

    private FileDirectory(int descriptor, string path, FileAccessPattern advice)
        => (_descriptor, _path, _advice) = (descriptor, path, advice);

    /// <summary>The directory is looked up by its path whenever it is used, as it may be replaced.</summary>
    public static FileDirectory AtPath(string path, FileAccessPattern advice)
    {
        if (!FileStatus.TryGet(Libc.CurrentDirectory, path, out var status))
        {
            throw new ParameterException($"dir={path}: {Errno.Text(Errno.Last)}");
        }

        return status.IsDirectory
            ? new FileDirectory(Libc.CurrentDirectory, path, advice)
            : throw new ParameterException($"dir={path}: not a directory; use file={path} to serve one file");
    }

    public static FileDirectory AtDescriptor(int descriptor, FileAccessPattern advice)
    {
        var status = InheritedFile.StatusOf(descriptor, "dirfd");
        return status.IsDirectory
            ? new FileDirectory(descriptor, $"/proc/self/fd/{descriptor.ToString(CultureInfo.InvariantCulture)}", advice)
            : throw new ParameterException($"dirfd={descriptor}: not a directory; use fd={descriptor} to serve one file");
    }

    public override IReadOnlyList<ExportInfo> List()
    {
        try
        {
            // A name that is not valid UTF-8 does not lead back to its file and falls out here, as the protocol wants it.
            return [.. Directory.EnumerateFileSystemEntries(_path)
                .Select(path => Path.GetFileName(path))
                .Where(name => FileStatus.TryGet(_descriptor, Locate(name), out var status) && (status.IsRegular || status.IsBlockDevice))
                .Order(StringComparer.Ordinal)
                .Select(name => new ExportInfo(name))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NbdException(NbdError.EIO, "the directory that is served cannot be read", e);
        }
    }

    public override DiskFile Open(string exportName, bool isReadOnly)
    {
        RefuseOtherThanName(exportName);
        return LinuxFile.Open(_descriptor, Locate(exportName), exportName, isReadOnly, _advice);
    }

    /// <summary>Refuses what would not stay inside the directory.</summary>
    public static void RefuseOtherThanName(string exportName)
    {
        if (exportName.Length == 0)
        {
            throw new NbdException(NbdError.EINVAL, "the files of a directory are served here: name one of them as the export, list the exports to see which");
        }

        if (exportName is "." or ".." || exportName.AsSpan().IndexOfAny('/', '\0', Path.DirectorySeparatorChar) >= 0)
        {
            throw new NbdException(NbdError.EINVAL, $"'{exportName}' is not the name of a file: only files directly inside the directory are served");
        }
    }

    private string Locate(string name) => _descriptor == Libc.CurrentDirectory ? Path.Combine(_path, name) : name;
}

using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// The files that a disk is put together of, in the order of the command line: looked at when the server starts, and opened anew by each
/// connection.
/// </summary>
internal sealed class PartFiles : IDisposable
{
    private readonly IReadOnlyList<FilePath> _paths;
    private readonly ILogger _logger;
    private readonly FileThreads _threads = new();

    /// <param name="paths">Where they are.</param>
    /// <param name="logger">Is told which cannot be written.</param>
    /// <exception cref="ParameterException">Some cannot be served; all of them are named.</exception>
    public PartFiles(IReadOnlyList<FilePath> paths, ILogger logger)
    {
        (_paths, _logger) = (paths, logger);
        string[] errors = [.. paths.Select(path => Complaint(path.Value)).OfType<string>()];
        if (errors.Length > 0)
        {
            throw new ParameterException(errors);
        }
    }

    /// <summary>The size of each file at the moment.</summary>
    /// <exception cref="ParameterException">One cannot be opened.</exception>
    public IReadOnlyList<long> Sizes()
    {
        try
        {
            var files = OpenAll(isReadOnly: true);
            files.ForEach(file => file.Dispose());
            return [.. files.Select(file => file.Size)];
        }
        catch (NbdException e)
        {
            throw new ParameterException(e.Message);
        }
    }

    /// <summary>Opens all files, for reading only where one cannot be opened for writing.</summary>
    /// <param name="isReadOnly">Nothing will be written.</param>
    /// <exception cref="NbdException">One cannot be opened; none is left open.</exception>
    public FileDisk[] Open(bool isReadOnly)
    {
        var files = OpenAll(isReadOnly);
        foreach (var file in files.Where(file => !file.CanWrite && !isReadOnly))
        {
            _logger.OpenedReadOnly(file.DisplayName);
        }

        return [.. files.Select(file => new FileDisk(file, FileCacheMode.Default, _threads.Threads))];
    }

    public void Dispose() => _threads.Dispose();

    private List<DiskFile> OpenAll(bool isReadOnly)
    {
        var files = new List<DiskFile>();
        try
        {
            foreach (var path in _paths)
            {
                DiskFile file = Libc.IsAvailable
                    ? LinuxFile.Open(Libc.CurrentDirectory, path.Value, Path.GetFileName(path.Value), isReadOnly, FileAccessPattern.Normal)
                    : PortableFile.Open(path.Value, isReadOnly);
                files.Add(file);
            }

            return files;
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    private static string? Complaint(string path)
    {
        if (!Libc.IsAvailable)
        {
            return File.Exists(path) ? null : $"file={path}: there is no such file";
        }

        return !FileStatus.TryGet(Libc.CurrentDirectory, path, out var status) ? $"file={path}: {Errno.Text(Errno.Last)}"
            : status.IsRegular || status.IsBlockDevice ? null
            : $"file={path}: {(status.IsDirectory ? "this is a directory" : "neither a regular file nor a block device")}; files are needed";
    }
}

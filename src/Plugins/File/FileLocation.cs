using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Where the files are that are served: which file an export name means, and how it is opened.</summary>
internal abstract class FileLocation
{
    /// <summary>The location that the options name.</summary>
    /// <exception cref="ParameterException">They name none or several, or one that cannot be served.</exception>
    public static FileLocation Of(FileOptions options)
    {
        string[] given =
        [
            .. options.File is null ? [] : (string[])["file="],
            .. options.Directory is null ? [] : (string[])["dir="],
            .. options.FileDescriptor is null ? [] : (string[])["fd="],
            .. options.DirectoryDescriptor is null ? [] : (string[])["dirfd="],
        ];
        if (given.Length != 1)
        {
            throw new ParameterException(given.Length == 0
                ? "nothing to serve: one of file=PATH, dir=DIRECTORY, fd=N and dirfd=N is needed"
                : $"{string.Join(" and ", given)} cannot be used together: exactly one of file=, dir=, fd= and dirfd= is needed");
        }

        if (!Libc.IsAvailable)
        {
            return PortableLocation.Of(options);
        }

        return options switch
        {
            { File: { } path } => new SingleFile(path.Value, options.Advice),
            { Directory: { } path } => FileDirectory.AtPath(path.Value, options.Advice),
            { FileDescriptor: { } descriptor } => new InheritedFile(descriptor, options.Advice),
            _ => FileDirectory.AtDescriptor(options.DirectoryDescriptor!.Value, options.Advice),
        };
    }

    /// <summary>The exports by name; the default one alone unless the name chooses a file.</summary>
    public virtual IReadOnlyList<ExportInfo> List() => [new ExportInfo("")];

    /// <summary>Opens the file that an export name means.</summary>
    /// <param name="exportName">The name, "" for the default export.</param>
    /// <param name="isReadOnly">Nothing will be written.</param>
    /// <exception cref="NbdException">There is none, or it cannot be opened.</exception>
    public abstract DiskFile Open(string exportName, bool isReadOnly);
}

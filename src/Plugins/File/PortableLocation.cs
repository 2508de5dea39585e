using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>A file, or the files of a directory, by nothing but what .NET offers everywhere.</summary>
internal sealed class PortableLocation : FileLocation
{
    private readonly string _path;
    private readonly bool _isDirectory;

    private PortableLocation(string path, bool isDirectory) => (_path, _isDirectory) = (path, isDirectory);

    /// <inheritdoc cref="FileLocation.Of"/>
    public static new PortableLocation Of(FileOptions options) => options switch
    {
        { File: { } path } => File.Exists(path.Value)
            ? new PortableLocation(path.Value, isDirectory: false)
            : throw new ParameterException(Directory.Exists(path.Value)
                ? $"file={path}: this is a directory; use dir={path} to serve the files in it"
                : $"file={path}: there is no such file"),
        { Directory: { } path } => Directory.Exists(path.Value)
            ? new PortableLocation(path.Value, isDirectory: true)
            : throw new ParameterException($"dir={path}: there is no such directory"),
        _ => throw new ParameterException("fd= and dirfd= are for Linux; use file=PATH or dir=DIRECTORY"),
    };

    public override IReadOnlyList<ExportInfo> List() => !_isDirectory ? base.List() :
    [
        .. Directory.EnumerateFiles(_path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal).Select(name => new ExportInfo(name)),
    ];

    public override DiskFile Open(string exportName, bool isReadOnly)
    {
        if (!_isDirectory)
        {
            return PortableFile.Open(_path, isReadOnly);
        }

        FileDirectory.RefuseOtherThanName(exportName);
        return PortableFile.Open(Path.Combine(_path, exportName), isReadOnly);
    }
}

using System.Runtime.InteropServices;

namespace SharpNbd.Plugins;

/// <summary>
/// The files whose contents a virtual disk holds, as they were when their tree was scanned. Memory is taken for 100,000 of them:
/// a file is its directory's number, its own name in the system's bytes, and its identity, about 60 bytes together. Files and
/// directories are added by one thread; afterwards any number of threads look them up.
/// </summary>
internal sealed class SourceFiles
{
    private readonly List<Place> _directories = [];
    private readonly List<Place> _files = [];
    private readonly List<FileIdentity> _identities = [];
    private byte[] _names = new byte[256];
    private int _namesLength;

    /// <summary>The number of files.</summary>
    public int Count => _files.Count;

    /// <summary>Adds a directory by its path.</summary>
    /// <returns>Its number, for <see cref="AddDirectory"/>, <see cref="AddFile(int, ReadOnlySpan{byte}, FileIdentity)"/> and <see cref="DirectoryReader"/>.</returns>
    public int AddRoot(string path) => Add(_directories, Place.NoDirectory, FileName.ToBytes(Path.TrimEndingDirectorySeparator(path)));

    /// <summary>Adds a directory inside another one.</summary>
    /// <returns>Its number.</returns>
    public int AddDirectory(int parent, ReadOnlySpan<byte> name) => Add(_directories, parent, name);

    /// <summary>Adds a file that was found in a directory.</summary>
    /// <returns>Its number, for <see cref="LayoutBuilder.AddFile"/>.</returns>
    public int AddFile(int directory, ReadOnlySpan<byte> name, FileIdentity identity)
    {
        _identities.Add(identity);
        return Add(_files, directory, name);
    }

    /// <summary>Adds a file by its path.</summary>
    /// <returns>Its number, for <see cref="LayoutBuilder.AddFile"/>.</returns>
    public int AddFile(string path, FileIdentity identity) => AddFile(Place.NoDirectory, FileName.ToBytes(path), identity);

    /// <summary>What a file was when it was added.</summary>
    public FileIdentity IdentityOf(int file) => _identities[file];

    /// <summary>The path of a file in the system's bytes, with a zero behind it.</summary>
    public byte[] PathOf(int file) => PathOf(_files[file]);

    /// <summary>The path of a directory in the system's bytes, with a zero behind it.</summary>
    public byte[] PathOfDirectory(int directory) => PathOf(_directories[directory]);

    /// <summary>The path of a file for a message: in one line whatever its name holds.</summary>
    public string DisplayNameOf(int file) => FileName.ToDisplay(PathOf(file).AsSpan()[..^1]);

    /// <summary>The path of a directory for a message.</summary>
    public string DisplayNameOfDirectory(int directory) => FileName.ToDisplay(PathOfDirectory(directory).AsSpan()[..^1]);

    /// <summary>Gives back the memory that was taken for more. To be called when all have been added.</summary>
    public void Trim()
    {
        _directories.TrimExcess();
        _files.TrimExcess();
        _identities.TrimExcess();
        Array.Resize(ref _names, _namesLength);
    }

    private int Add(List<Place> places, int directory, ReadOnlySpan<byte> name)
    {
        if (_names.Length - _namesLength < name.Length)
        {
            Array.Resize(ref _names, Math.Max(checked(_names.Length * 2), _namesLength + name.Length));
        }

        name.CopyTo(_names.AsSpan(_namesLength));
        places.Add(new Place(directory, _namesLength, name.Length));
        _namesLength += name.Length;
        return places.Count - 1;
    }

    private byte[] PathOf(Place place)
    {
        // From its end to its start: each part with a slash in front, but for the first one.
        var length = place.NameLength;
        for (var directory = place.Directory; directory >= 0; directory = _directories[directory].Directory)
        {
            length += 1 + _directories[directory].NameLength;
        }

        var path = new byte[length + 1];
        var rest = path.AsSpan(0, length);
        while (true)
        {
            NameOf(place).CopyTo(rest[^place.NameLength..]);
            rest = rest[..^place.NameLength];
            if (place.Directory < 0)
            {
                return path;
            }

            rest[^1] = (byte)'/';
            rest = rest[..^1];
            place = _directories[place.Directory];
        }
    }

    private ReadOnlySpan<byte> NameOf(Place place) => _names.AsSpan(place.NameStart, place.NameLength);

    /// <summary>Where a file or directory is.</summary>
    /// <param name="Directory">Its directory, or <see cref="NoDirectory"/> when the name is a path.</param>
    /// <param name="NameStart">Where its name begins among the names.</param>
    /// <param name="NameLength">The length of its name.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(int Directory, int NameStart, int NameLength)
    {
        public const int NoDirectory = -1;
    }
}

using System.Text;
using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Finds what goes into the image: all directories that are named, merged, without what is excluded. Used once.</summary>
/// <param name="settings">What to take, and where it goes.</param>
/// <param name="files">Where files are added that have content.</param>
/// <param name="logger">Where it is told what had to be left out.</param>
internal sealed class IsoScanner(IsoSettings settings, SourceFiles files, ILogger logger)
{
    // Asking is a system call for each file, which the superuser need not make.
    private readonly bool _mayReadAll = !Libc.IsAvailable || Environment.IsPrivilegedProcess;
    private readonly bool _hasPosix = settings.RockRidge != RockRidge.None;
    private readonly Dictionary<(ulong, ulong), IsoNode> _linked = [];
    private int _leftOut;
    private string _firstLeftOut = "";
    private int _circles;
    private string _firstCircle = "";

    /// <summary>Reads all directories.</summary>
    /// <returns>The root of the image.</returns>
    /// <exception cref="ParameterException">Something cannot be read.</exception>
    public IsoNode Scan()
    {
        IsoNode? root = null;
        foreach (var (target, source) in settings.Sources)
        {
            var facts = FactsOf(source);
            root ??= NewDirectory([], facts.IsDirectory ? facts : new FileFacts { Mode = 0x41ed, Identity = facts.Identity });
            if (facts.IsDirectory)
            {
                ReadTree(MakePath(root, target, facts), source);
            }
            else
            {
                AddFile(root, target, source, facts);
            }
        }

        if (_leftOut > 0)
        {
            logger.LeftOut(_leftOut, _firstLeftOut);
        }

        if (_circles > 0)
        {
            logger.Circles(_circles, _firstCircle);
        }

        return root!;
    }

    private static FileFacts FactsOf(string path)
    {
        if (Libc.IsAvailable)
        {
            return FileStatus.TryGet(Libc.CurrentDirectory, path, out var status)
                ? FileFacts.Of(status)
                : throw new ParameterException($"dir={path}: {Errno.Text(Errno.Last)}");
        }

        FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return entry.Exists ? FileFacts.Of(entry) : throw new ParameterException($"dir={path}: there is no such file or directory");
    }

    /// <summary>The directory of a path in the image; what is missing of it is made.</summary>
    private IsoNode MakePath(IsoNode root, string path, FileFacts facts)
    {
        var node = root;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            var name = Encoding.UTF8.GetBytes(part);
            if (node.Find(name) is not { IsDirectory: true } child)
            {
                child = NewDirectory(name, facts);
                node.Add(child);
            }

            node = child;
        }

        return node;
    }

    private IsoNode NewDirectory(byte[] name, FileFacts facts) => new()
    {
        Name = name,
        Mode = facts.Mode,
        UserId = facts.UserId,
        GroupId = facts.GroupId,
        Time = TimeOf(facts),
        Children = [],
    };

    private DateTime TimeOf(FileFacts facts)
        => settings.LatestTime is { } latest && latest < facts.ModificationTime ? latest : facts.ModificationTime;

    private void AddFile(IsoNode root, string target, string source, FileFacts facts)
    {
        var isNamed = target.Length > 0 && !target.EndsWith('/');
        var name = Encoding.UTF8.GetBytes(Path.GetFileName(isNamed ? target : source));
        var parent = isNamed ? Path.GetDirectoryName(target) ?? "" : target;
        var directory = files.AddRoot(Path.GetDirectoryName(source)!);
        var entry = new FoundEntry(Encoding.UTF8.GetBytes(Path.GetFileName(source)), facts, null);
        if (NodeOf(entry, name, directory, source) is { } node)
        {
            MakePath(root, parent, new FileFacts { Mode = 0x41ed, Identity = facts.Identity }).Add(node);
        }
    }

    private void ReadTree(IsoNode top, string source)
    {
        var places = new Stack<Place>();
        places.Push(new Place(top, files.AddRoot(source), source, null, FactsOf(source).Identity));
        while (places.TryPop(out var place))
        {
            ReadDirectory(place, places);
        }
    }

    private void ReadDirectory(Place place, Stack<Place> places)
    {
        var children = new List<IsoNode>();
        foreach (var entry in EntriesOf(place.Directory))
        {
            var name = FileName.ToDisplay(entry.Name);
            var path = $"{place.Path}/{name}";
            if (IsExcluded(name, path))
            {
                continue;
            }

            var node = entry.Facts.IsDirectory ? DirectoryOf(entry, place, path, places) : NodeOf(entry, entry.Name, place.Directory, path);
            if (node is not null)
            {
                node.IsHiddenFromIso = settings.HiddenFromIso.Exists(glob => glob.Matches(name, path));
                node.IsHiddenFromJoliet = settings.HiddenFromJoliet.Exists(glob => glob.Matches(name, path));
                node.HasHiddenAttribute = settings.HiddenByAttribute.Exists(glob => glob.Matches(name, path));
                children.Add(node);
            }
        }

        place.Node.AddAll(children);
    }

    /// <summary>What stands for a directory, which is to be read as well; null when it leads back to where it was found.</summary>
    private IsoNode? DirectoryOf(FoundEntry entry, Place parent, string path, Stack<Place> places)
    {
        if (parent.IsInside(entry.Facts.Identity))
        {
            _firstCircle = _circles++ == 0 ? path : _firstCircle;
            return null;
        }

        var node = parent.Node.Find(entry.Name) is { IsDirectory: true } present ? present : NewDirectory(entry.Name, entry.Facts);
        places.Push(new Place(node, files.AddDirectory(parent.Directory, entry.Name), path, parent, entry.Facts.Identity));
        return node;
    }

    private List<FoundEntry> EntriesOf(int directory)
    {
        try
        {
            return DirectoryReader.Read(files, directory, settings.FollowsLinks);
        }
        catch (IOException e)
        {
            throw new ParameterException($"the directory {files.DisplayNameOfDirectory(directory)} cannot be read: {e.Message}");
        }
    }

    private bool IsExcluded(string name, string path)
        => settings.Excluded.Exists(glob => glob.Matches(name, path))
            || (settings.OmitsBackups && (name.AsSpan().IndexOfAny('~', '#') >= 0 || name.EndsWith(".bak", StringComparison.Ordinal)));

    /// <summary>What stands for something that is no directory; null when the image cannot hold it.</summary>
    private IsoNode? NodeOf(FoundEntry entry, byte[] name, int directory, string path)
    {
        var facts = entry.Facts;
        if (!facts.IsRegular && !_hasPosix)
        {
            _firstLeftOut = _leftOut++ == 0 ? path : _firstLeftOut;
            return null;
        }

        if (facts.IsRegular)
        {
            RefuseUnreadable(directory, entry.Name, path);
        }

        // Further names of a file share its content.
        var key = (facts.Identity.Inode, facts.Identity.Device);
        var original = facts.Links > 1 && facts.IsRegular && facts.Identity.Inode != 0 ? _linked.GetValueOrDefault(key) : null;
        var node = new IsoNode
        {
            Name = name,
            Mode = facts.Mode,
            Links = facts.Links,
            UserId = facts.UserId,
            GroupId = facts.GroupId,
            DeviceMajor = facts.DeviceMajor,
            DeviceMinor = facts.DeviceMinor,
            Time = TimeOf(facts),
            LinkTarget = entry.LinkTarget,
            Original = original,
            Size = facts.IsRegular ? facts.Size : 0,
            File = facts.IsRegular && original is null ? files.AddFile(directory, entry.Name, facts.Identity) : IsoNode.NoFile,
        };
        if (facts.Links > 1 && facts.IsRegular && original is null)
        {
            _linked[key] = node;
        }

        return node;
    }

    private void RefuseUnreadable(int directory, byte[] name, string path)
    {
        if (!_mayReadAll && !Libc.CanRead([.. files.PathOfDirectory(directory).AsSpan()[..^1], (byte)'/', .. name, 0]))
        {
            throw new ParameterException($"the file {path} cannot be read: {Errno.Text(Errno.Last)}; -m leaves it out");
        }
    }

    /// <summary>A directory that is to be read.</summary>
    /// <param name="Node">What it becomes.</param>
    /// <param name="Directory">Its number among the source files.</param>
    /// <param name="Path">Its path, for patterns and messages.</param>
    /// <param name="Parent">Where it was found.</param>
    /// <param name="Identity">Tells whether a link leads back to it.</param>
    private sealed record Place(IsoNode Node, int Directory, string Path, Place? Parent, FileIdentity Identity)
    {
        public bool IsInside(FileIdentity identity)
        {
            for (var place = this; place is not null; place = place.Parent)
            {
                if (place.Identity.Inode == identity.Inode && place.Identity.Device == identity.Device && identity.Inode != 0)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

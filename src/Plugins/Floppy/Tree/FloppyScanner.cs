using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Finds what goes on the disk: all directories that are named, merged. Used once.</summary>
/// <param name="files">Where the files are added.</param>
/// <param name="logger">Where it is told what was left out.</param>
internal sealed class FloppyScanner(SourceFiles files, ILogger logger)
{
    /// <summary>More errors than these say nothing new.</summary>
    private const int MostErrors = 20;

    // FAT specification, "FAT Directory Structure", DIR_FileSize: 32 bits.
    private const long LargestFile = uint.MaxValue;

    private readonly List<string> _errors = [];
    private readonly Dictionary<FloppyDirectory, NameSpace> _names = [];
    private bool _isMerging;
    private int _links;
    private int _others;
    private int _changedNames;
    private (string Name, string Changed) _firstChanged;

    /// <summary>Scans the directories.</summary>
    /// <param name="paths">Where they are.</param>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    /// <returns>The root.</returns>
    /// <exception cref="ParameterException">Something cannot be read, does not fit on FAT, or is there twice.</exception>
    public FloppyDirectory Scan(IReadOnlyList<FilePath> paths, CancellationToken cancellationToken)
    {
        var root = new FloppyDirectory("", "the root", null, DateTime.UnixEpoch);
        _isMerging = paths.Count > 1;
        var pending = new Stack<(int Number, FloppyDirectory Directory, string Origin)>();
        foreach (var path in paths)
        {
            pending.Push((files.AddRoot(path.Value), root, path.Value));
            while (pending.TryPop(out var place))
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var (name, directory) in ScanDirectory(place.Number, place.Directory, place.Origin))
                {
                    pending.Push((files.AddDirectory(place.Number, name), directory, place.Origin));
                }
            }
        }

        ThrowErrors();
        foreach (var directory in root.WithAllInside())
        {
            ShortNames.Assign(directory.Children);
        }

        TellWhatIsMissing();
        return root;
    }

    /// <summary>Adds what one directory holds; returns the directories in it, with their names in the system's bytes.</summary>
    private List<(byte[] Name, FloppyDirectory Directory)> ScanDirectory(int number, FloppyDirectory directory, string origin)
    {
        var found = new List<(byte[], FloppyDirectory)>();
        var names = NamesOf(directory);
        foreach (var entry in Read(number, origin))
        {
            if (!entry.Facts.IsDirectory && !entry.Facts.IsRegular)
            {
                _ = entry.Facts.IsSymbolicLink ? _links++ : _others++;
                continue;
            }

            if (names.FindOriginal(entry.Name) is { } present)
            {
                // Of another of the directories that are merged.
                if (present is FloppyDirectory merged && entry.Facts.IsDirectory)
                {
                    found.Add((entry.Name, merged));
                }
                else
                {
                    Complain($"dir={origin}: '{DisplayNameOf(number, entry.Name)}' is in another dir= too");
                }

                continue;
            }

            var name = names.Choose(entry.Name, out var isChanged);
            if (isChanged && _changedNames++ == 0)
            {
                _firstChanged = (DisplayNameOf(number, entry.Name), name);
            }

            FloppyNode node = entry.Facts.IsDirectory
                ? new FloppyDirectory(name, DisplayNameOf(number, entry.Name), directory, entry.Facts.ModificationTime)
                : new FloppyFile(name, files.AddFile(number, entry.Name, entry.Facts.Identity), entry.Facts.Identity);
            if (node is FloppyDirectory inner)
            {
                found.Add((entry.Name, inner));
            }
            else if (node.Length > LargestFile)
            {
                Complain($"'{DisplayNameOf(number, entry.Name)}' has {node.Length} bytes, and a file on FAT is smaller than 4 GiB");
            }

            names.Add(entry.Name, node);
            directory.Children.Add(node);
        }

        return found;
    }

    private List<FoundEntry> Read(int number, string origin)
    {
        try
        {
            return DirectoryReader.Read(files, number, followLinks: false);
        }
        catch (IOException e)
        {
            var name = files.DisplayNameOfDirectory(number);
            Complain(name == origin ? $"dir={origin}: {e.Message}" : $"dir={origin}: cannot read {name}: {e.Message}");
            return [];
        }
    }

    private NameSpace NamesOf(FloppyDirectory directory)
    {
        if (!_isMerging)
        {
            // No directory is met again.
            return new NameSpace(isMerging: false);
        }

        if (!_names.TryGetValue(directory, out var names))
        {
            _names.Add(directory, names = new NameSpace(isMerging: true));
        }

        return names;
    }

    private string DisplayNameOf(int directory, byte[] name) => $"{files.DisplayNameOfDirectory(directory)}/{FileName.ToDisplay(name)}";

    private void Complain(string error)
    {
        _errors.Add(error);
        if (_errors.Count == MostErrors)
        {
            _errors.Add("and perhaps more, which has not been looked for");
            ThrowErrors();
        }
    }

    private void ThrowErrors()
    {
        if (_errors.Count > 0)
        {
            throw new ParameterException(_errors);
        }
    }

    private void TellWhatIsMissing()
    {
        if (_links + _others > 0)
        {
            logger.LeftOut(_links, _others);
        }

        if (_changedNames > 0)
        {
            logger.NamesChanged(_changedNames, _firstChanged.Name, _firstChanged.Changed);
        }
    }
}

using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// One of the two trees of an image: the primary one with names of ISO 9660 and Rock Ridge, or that of Joliet. Both lead to the same
/// contents.
/// </summary>
internal sealed class IsoTree
{
    /// <summary>ECMA-119, 6.8.2.1: the most levels, the root included.</summary>
    private const int DeepestLevel = 8;

    /// <summary>Parents are numbers of 16 bits in the path table (ECMA-119, 9.4.4).</summary>
    private const int MostDirectories = 65535;

    private readonly IsoSettings _settings;
    private readonly bool _isJoliet;
    private readonly IdentifierOrder _order;
    private readonly IsoNames _movedNames;
    private IsoNames? _rootNames;
    private IsoDirectory? _relocation;

    /// <summary>Makes the tree.</summary>
    /// <param name="settings">How the image is made.</param>
    /// <param name="root">What it shows.</param>
    /// <param name="isJoliet">Which of the two it is.</param>
    /// <param name="logger">Where trees are reported that some systems cannot read.</param>
    /// <exception cref="ParameterException">There are too many directories.</exception>
    public IsoTree(IsoSettings settings, IsoNode root, bool isJoliet, ILogger logger)
    {
        (_settings, _isJoliet, _order) = (settings, isJoliet, new IdentifierOrder(isJoliet ? 2 : 1));
        _movedNames = new IsoNames(settings);
        Root = new IsoDirectory(root, [0], null);
        Fill();
        if (!isJoliet && Directories[^1].Level > DeepestLevel)
        {
            logger.TooDeep();
        }

        Number();
    }

    public IsoDirectory Root { get; }

    /// <summary>All directories in the order of the path table: by level, then by parent, then by name (ECMA-119, 6.9.1).</summary>
    public List<IsoDirectory> Directories { get; } = [];

    public bool IsJoliet => _isJoliet;

    /// <summary>Whether records have Rock Ridge's entries.</summary>
    public bool HasPosix => !_isJoliet && _settings.RockRidge != RockRidge.None;

    private bool MovesDeepDirectories => HasPosix && !_settings.KeepsDeepDirectories;

    private void Fill()
    {
        var waiting = new Queue<IsoDirectory>([Root]);
        while (waiting.TryDequeue(out var directory))
        {
            FillDirectory(directory, waiting);
        }

        if (_relocation is not null)
        {
            Root.Entries.Add(new IsoEntry(_relocation.Node, _relocation.Identifier, _relocation, null));
            SortEntries(_relocation);
            SortEntries(Root);
        }

        Directories.Add(Root);
        for (var next = 0; next < Directories.Count; next++)
        {
            Directories.AddRange(Directories[next].Entries.Where(entry => entry.Directory is not null).Select(entry => entry.Directory!));
        }
    }

    private void FillDirectory(IsoDirectory directory, Queue<IsoDirectory> waiting)
    {
        var nameFor = NamesFor(directory);
        foreach (var child in directory.Node.Children!)
        {
            if (_isJoliet ? child.IsHiddenFromJoliet || child.IsSpecial : child.IsHiddenFromIso)
            {
                continue;
            }

            var identifier = nameFor(child);
            var isMoved = child.IsDirectory && MovesDeepDirectories && directory.Level >= DeepestLevel;
            var below = !child.IsDirectory ? null : isMoved ? Move(child, directory) : new IsoDirectory(child, identifier, directory);
            directory.Entries.Add(new IsoEntry(child, identifier, isMoved ? null : below, isMoved ? below : null));
            if (below is not null)
            {
                waiting.Enqueue(below);
            }
        }

        SortEntries(directory);
    }

    private Func<IsoNode, byte[]> NamesFor(IsoDirectory directory)
    {
        if (_isJoliet)
        {
            return new JolietNames(_settings).NameFor;
        }

        var names = new IsoNames(_settings);
        if (directory.IsRoot)
        {
            _rootNames = names;
        }

        return names.NameFor;
    }

    /// <summary>Gives a directory that would lie too deep a place of its own (RRIP, 4.1.5).</summary>
    private IsoDirectory Move(IsoNode node, IsoDirectory origin)
    {
        if (_relocation is null)
        {
            var place = new IsoNode
            {
                Name = _settings.HidesRelocation ? ".rr_moved"u8.ToArray() : "rr_moved"u8.ToArray(),
                Mode = 0x416d,
                Time = Root.Node.Time,
                Children = [],
            };
            _relocation = new IsoDirectory(place, _rootNames!.NameFor(place), Root) { IsRelocation = true };
        }

        var moved = new IsoDirectory(node, _movedNames.NameFor(node), _relocation) { Origin = origin };
        _relocation.Entries.Add(new IsoEntry(node, moved.Identifier, moved, null));
        return moved;
    }

    private void SortEntries(IsoDirectory directory)
        => directory.Entries.Sort((one, other) => _order.Compare(one.Identifier, other.Identifier));

    private void Number()
    {
        if (Directories.Count > MostDirectories)
        {
            throw new ParameterException($"the image would have {Directories.Count} directories; ISO 9660 has numbers for {MostDirectories}");
        }

        for (var index = 0; index < Directories.Count; index++)
        {
            Directories[index].Number = (ushort)(index + 1);
            Directories[index].CountLinks();
        }
    }
}

namespace SharpNbd.Plugins;

/// <summary>Writes the directories of a tree: first to find out how long they are, then again when everything has its place.</summary>
/// <param name="settings">How the image is made.</param>
/// <param name="tree">The tree.</param>
internal sealed class IsoDirectoryWriter(IsoSettings settings, IsoTree tree)
{
    /// <summary>The most that one record tells of a file: the last multiple of a block (ECMA-119, 9.1.4).</summary>
    public const uint LongestSection = 0xffff_f800;

    private const int DirectoryKind = 0x4000;
    private const int PermissionMask = 0xfff;

    private readonly DirectoryExtent _extent = new();
    private readonly SystemUseWriter _systemUse = new();

    /// <summary>Writes a directory with what is known of places so far.</summary>
    /// <returns>Its blocks; valid until the next one is written.</returns>
    public DirectoryExtent Write(IsoDirectory directory)
    {
        _extent.Begin(directory.Location + IsoField.BlocksOf(directory.Length));
        WriteSelfAndParent(directory);
        foreach (var entry in directory.Entries)
        {
            WriteEntry(entry);
        }

        return _extent;
    }

    /// <summary>The first two records (ECMA-119, 6.8.2.2).</summary>
    private void WriteSelfAndParent(IsoDirectory directory)
    {
        _systemUse.Clear();
        if (tree.HasPosix)
        {
            if (directory.IsRoot)
            {
                _systemUse.Indicator();
            }

            WriteAttributes(directory.Node, directory);
            if (directory.IsRoot)
            {
                _systemUse.Extension();
            }
        }

        _extent.Add([0], directory.Location, directory.Length, directory.Node.Time, RecordFlags.Directory, _systemUse.Entries);

        _systemUse.Clear();
        var parent = directory.Parent;
        if (tree.HasPosix)
        {
            WriteAttributes((directory.Origin ?? parent).Node, directory.Origin ?? parent);
            if (directory.Origin is { } origin)
            {
                _systemUse.ParentLink(origin.Location);
            }
        }

        _extent.Add([1], parent.Location, parent.Length, parent.Node.Time, RecordFlags.Directory, _systemUse.Entries);
    }

    private void WriteEntry(IsoEntry entry)
    {
        var node = entry.Node;
        _systemUse.Clear();
        if (tree.HasPosix)
        {
            WritePosix(entry);
        }

        var flags = node.HasHiddenAttribute ? RecordFlags.Hidden : RecordFlags.None;
        if (entry.Directory is { } directory)
        {
            _extent.Add(entry.Identifier, directory.Location, directory.Length, node.Time, flags | RecordFlags.Directory, _systemUse.Entries);
            return;
        }

        // A file section for each 4 GiB, all but the last of which say that more follows (ECMA-119, 6.5.1 and 9.1.6).
        var content = node.Original ?? node;
        var location = entry.MovedTo is { } moved ? moved.Location : content.Location;
        var rest = node.Size;
        do
        {
            var length = (uint)Math.Min(rest, LongestSection);
            rest -= length;
            _extent.Add(entry.Identifier, location, length, node.Time, rest > 0 ? flags | RecordFlags.MoreFollows : flags, _systemUse.Entries);
            location += IsoField.BlocksOf(length);
        }
        while (rest > 0);
    }

    private void WritePosix(IsoEntry entry)
    {
        var node = entry.Node;
        if (entry.Directory is { } directory && (directory.Origin is not null || directory.IsRelocation))
        {
            // Hides the directory at this place, where it does not belong.
            _systemUse.Relocated();
        }

        WriteAttributes(node, entry.Directory ?? entry.MovedTo);
        if (entry.MovedTo is { } moved)
        {
            _systemUse.ChildLink(moved.Location);
        }

        if (node.LinkTarget is { } target)
        {
            _systemUse.SymbolicLink(target);
        }
        else if ((node.Mode & 0xf000) is 0x2000 or 0x6000)
        {
            _systemUse.Device(node.DeviceMajor, node.DeviceMinor);
        }

        _systemUse.Name(node.Name);
    }

    private void WriteAttributes(IsoNode node, IsoDirectory? directory)
    {
        var links = directory?.Links ?? node.Links;
        var isRational = settings.RockRidge == RockRidge.Rational;
        var mode = isRational ? Rational(node.Mode) : node.Mode;
        var wanted = node.IsDirectory ? settings.DirectoryMode : node.IsRegular ? settings.FileMode : null;
        mode = wanted is { } permissions ? (mode & ~PermissionMask) | permissions : mode;
        _systemUse.Attributes(
            mode, links, settings.UserId ?? (isRational ? 0 : node.UserId), settings.GroupId ?? (isRational ? 0 : node.GroupId));
        _systemUse.Times(node.Time);
    }

    /// <summary>Readable for everybody, to be searched or run by everybody if by anybody, and nothing else.</summary>
    private static int Rational(int mode)
    {
        const int Readable = 0x124;
        const int Executable = 0x49;
        var isExecutable = (mode & 0xf000) == DirectoryKind || (mode & Executable) != 0;
        return (mode & ~PermissionMask) | Readable | (isExecutable ? Executable : 0);
    }
}

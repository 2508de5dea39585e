using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// Lays out an image: system area, volume descriptors, path tables, directories, contents of files, in this order (ECMA-119, 6.2). All
/// but the contents is held in memory. Used once.
/// </summary>
/// <param name="settings">How the image is made.</param>
/// <param name="files">The files whose contents it holds.</param>
/// <param name="root">What it shows.</param>
/// <param name="logger">Where it is told what some systems cannot read.</param>
internal sealed class IsoImage(IsoSettings settings, SourceFiles files, IsoNode root, ILogger logger)
{
    /// <summary>The first block behind the system area (ECMA-119, 6.2.1).</summary>
    public const uint FirstDescriptor = 16;

    /// <summary>CD drives may fail to read the last blocks of a track; mkisofs adds as many.</summary>
    private const int PaddingBlocks = 150;

    private readonly LayoutBuilder _builder = new();
    private readonly List<PlacedTree> _trees = [];
    private long _next;

    /// <summary>Lays it out.</summary>
    /// <exception cref="ParameterException">The image cannot be made as it was asked for.</exception>
    public VirtualLayout Build()
    {
        var masterBootRecord = settings.HybridBootRecord is { } path ? HybridBootRecord.ReadCode(path) : null;
        var boot = settings.BootImages.Count > 0 ? new BootFiles(settings, root, files) : null;
        if (settings.TranslationTable is not null)
        {
            TranslationTable.AddTo(root, settings);
        }

        var time = settings.LatestTime ?? NewestTime();
        AddTree(isJoliet: false);
        if (settings.HasJoliet)
        {
            AddTree(isJoliet: true);
        }

        // Primary and terminator, and what is asked for besides.
        _next = FirstDescriptor + 2 + (boot is null ? 0 : 1) + (settings.Level >= 4 ? 1 : 0) + (settings.HasJoliet ? 1 : 0);
        PlaceTrees();
        PlaceContents();
        var size = ImageSize(isHybrid: masterBootRecord is not null);

        boot?.Write();
        if (masterBootRecord is not null)
        {
            _builder.AddBytes(HybridBootRecord.Write(masterBootRecord, boot!.FirstImage, size, time));
        }

        _builder.FillTo(FirstDescriptor * IsoField.Block);
        WriteDescriptors(boot, (uint)(size / IsoField.Block), time);
        WriteTrees();
        WriteContents();
        _builder.FillTo(size);
        return _builder.Build();
    }

    private void AddTree(bool isJoliet)
    {
        var tree = new IsoTree(settings, root, isJoliet, logger);
        _trees.Add(new PlacedTree(tree, new IsoDirectoryWriter(settings, tree), PathTable.LengthOf(tree)));
    }

    private DateTime NewestTime()
    {
        var newest = root.Time;
        foreach (var child in root.Directories().SelectMany(directory => directory.Children!))
        {
            newest = child.Time > newest ? child.Time : newest;
        }

        return newest;
    }

    private void PlaceTrees()
    {
        foreach (var tree in _trees)
        {
            tree.LittleEndianPathTable = Take(tree.PathTableLength);
            tree.BigEndianPathTable = Take(tree.PathTableLength);
        }

        foreach (var tree in _trees)
        {
            foreach (var directory in tree.Tree.Directories)
            {
                var extent = tree.Writer.Write(directory);
                directory.Length = (uint)extent.RecordsLength;
                directory.Location = Take(extent.Length);
            }
        }
    }

    private void PlaceContents()
    {
        foreach (var node in Contents())
        {
            node.Location = Take(node.Size);
        }
    }

    /// <summary>Everything that has content of its own, in the order in which it lies there.</summary>
    private IEnumerable<IsoNode> Contents()
        => root.Directories().SelectMany(directory => directory.Children!).Where(node => node.IsRegular && node.Original is null);

    private uint Take(long bytes)
    {
        var location = _next;
        _next += (bytes + IsoField.Block - 1) / IsoField.Block;
        return _next <= uint.MaxValue - PaddingBlocks - (HybridBootRecord.Cylinder / IsoField.Block)
            ? (uint)location
            : throw new ParameterException("the files do not fit into an image: ISO 9660 has numbers for 8 TiB");
    }

    private long ImageSize(bool isHybrid)
    {
        var size = (_next + (settings.IsPadded ? PaddingBlocks : 0)) * IsoField.Block;
        return isHybrid ? (size + HybridBootRecord.Cylinder - 1) / HybridBootRecord.Cylinder * HybridBootRecord.Cylinder : size;
    }

    private void WriteDescriptors(BootFiles? boot, uint blocks, DateTime time)
    {
        var primary = _trees[0].Facts(blocks, time);
        _builder.AddBytes(VolumeDescriptor.Primary(primary, settings));
        if (boot is not null)
        {
            // Its place is block 17 (El Torito, section 2.0).
            _builder.AddBytes(VolumeDescriptor.BootRecord(boot.Catalog));
        }

        if (settings.Level >= 4)
        {
            _builder.AddBytes(VolumeDescriptor.Enhanced(primary, settings));
        }

        if (settings.HasJoliet)
        {
            _builder.AddBytes(VolumeDescriptor.Joliet(_trees[1].Facts(blocks, time), settings));
        }

        _builder.AddBytes(VolumeDescriptor.Terminator());
    }

    private void WriteTrees()
    {
        foreach (var tree in _trees)
        {
            _builder.AddBytes(PathTable.Write(tree.Tree, isBigEndian: false));
            _builder.AlignTo(IsoField.Block);
            _builder.AddBytes(PathTable.Write(tree.Tree, isBigEndian: true));
            _builder.AlignTo(IsoField.Block);
        }

        foreach (var tree in _trees)
        {
            foreach (var directory in tree.Tree.Directories)
            {
                _builder.AddBytes(tree.Writer.Write(directory).ToArray());
            }
        }
    }

    private void WriteContents()
    {
        foreach (var node in Contents())
        {
            var head = node.Content?.Length ?? 0;
            _builder.AddBytes(node.Content);
            if (node.File != IsoNode.NoFile)
            {
                _builder.AddFile(node.File, head, node.Size - head);
            }

            _builder.AlignTo(IsoField.Block);
        }
    }
}

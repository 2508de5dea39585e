using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the floppy plugin.</summary>
public sealed record FloppyOptions
{
    [Parameter("dir", "A directory whose content becomes the root of the disk. May be repeated: the directories are merged.", IsMagic = true, ValueName = "DIRECTORY")]
    public required IReadOnlyList<FilePath> Directories { get; init; }

    [Parameter("label", "Name of the volume, at most 11 ASCII characters; an empty one for none.", ValueName = "TEXT")]
    public string Label
    {
        get;
        init
        {
            VolumeLabel.Check(value);
            field = value;
        }
    }

    = "NBDKITFLOPY";

    [Parameter("size", "Size of the whole disk, cut to sectors of 512 bytes.", DefaultText = "just enough")]
    public ByteSize? Size { get; init; }

    [Parameter("fat", "12, 16 or 32: how many bits the numbers of clusters have.", ValueName = "BITS", DefaultText = "32, unless size= is too small for it")]
    public string? Fat
    {
        get;
        init => field = value is "12" or "16" or "32" ? value : throw new FormatException("one of 12, 16, 32 is needed");
    }

    [Parameter("mbr", "Put a partition table in front. Without one the disk is the file system, as on a real floppy.")]
    public bool Mbr { get; init; } = true;
}

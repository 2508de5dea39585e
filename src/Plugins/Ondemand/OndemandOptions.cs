using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the ondemand plugin.</summary>
public sealed record OndemandOptions
{
    [Parameter("dir", "The directory in which the disks are kept, a file for each export.", ValueName = "DIRECTORY")]
    public required FilePath Directory { get; init; }

    [Parameter("size", "Size of a new disk; for command= only a wish, but needed.", IsMagic = true)]
    public required ByteSize Size { get; init; }

    [Parameter("type", "The file system: ext4, xfs, vfat or another that mkfs makes.", ValueName = "FILESYSTEM")]
    public string Type { get; init; } = "ext4";

    [Parameter("label", "The label of the file system.")]
    public string? Label { get; init; }

    [Parameter("command", "A shell command that makes the disk $disk instead, about as large as $size.", ValueName = "COMMAND")]
    public string? Command { get; init; }

    [Parameter("wait", "Let a second client of an export wait for the first one to leave, instead of refusing it.")]
    public bool Wait { get; init; }

    [Parameter("share", "Let several clients use an export together, which they have to be made for.")]
    public bool Share { get; init; }

    [AnyOtherParameter("With command=, any other key is a variable for it.")]
    public IReadOnlyList<ParameterValue> Others { get; init; } = [];
}

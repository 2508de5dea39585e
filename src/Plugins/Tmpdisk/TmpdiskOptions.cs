using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the tmpdisk plugin.</summary>
public sealed record TmpdiskOptions
{
    [Parameter("size", "Size of each disk; for command= only a wish, but needed.", IsMagic = true)]
    public required ByteSize Size { get; init; }

    [Parameter("type", "The file system: ext4, xfs, vfat or another that mkfs makes.", ValueName = "FILESYSTEM")]
    public string Type { get; init; } = "ext4";

    [Parameter("label", "The label of the file system.")]
    public string? Label { get; init; }

    [Parameter("command", "A shell command that makes the disk $disk instead, about as large as $size.", ValueName = "COMMAND")]
    public string? Command { get; init; }

    [AnyOtherParameter("With command=, any other key is a variable for it.")]
    public IReadOnlyList<ParameterValue> Others { get; init; } = [];
}

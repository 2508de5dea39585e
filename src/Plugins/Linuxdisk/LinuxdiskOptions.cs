using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the linuxdisk plugin.</summary>
public sealed record LinuxdiskOptions
{
    [Parameter("dir", "The directory whose contents the file system has.", IsMagic = true, ValueName = "DIRECTORY")]
    public required FilePath Directory { get; init; }

    [Parameter("label", "The label of the file system.")]
    public string? Label { get; init; }

    [Parameter("type", "The file system.")]
    public LinuxdiskType Type { get; init; }

    [Parameter("size", "Size of the file system, or with + the space that is free in it.", ValueName = "[+]SIZE", DefaultText = "just enough")]
    public string? Size
    {
        get;
        init
        {
            // Here, so that a mistake is reported together with those in other parameters.
            _ = value is null ? default : ByteSize.Parse(value);
            field = value;
        }
    }
}

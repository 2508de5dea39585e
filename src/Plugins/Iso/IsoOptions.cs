using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>What the iso plugin serves, and how.</summary>
public sealed record IsoOptions
{
    [Parameter("dir", "A directory whose content becomes the root of the image. May be repeated: the directories are merged.",
        IsMagic = true, ValueName = "DIRECTORY")]
    public IReadOnlyList<FilePath> Directories { get; init; } = [];

    [Parameter("params", "Options as for mkisofs, genisoimage and xorriso -as mkisofs, in one word: params='-JrT -V \"My Disk\"'.", ValueName = "OPTIONS")]
    public string Options { get; init; } = "";

    [Parameter("prog", "Have this program make the image, into a temporary file: xorriso, genisoimage or mkisofs.", ValueName = "PROGRAM")]
    public string? Program { get; init; }
}

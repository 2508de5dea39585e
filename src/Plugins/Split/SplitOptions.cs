using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the split plugin.</summary>
public sealed record SplitOptions
{
    /// <summary>The files.</summary>
    [Parameter("file", "A file or block device; give it again for each further one, in the order in which they follow each other.", IsMagic = true)]
    public required IReadOnlyList<FilePath> Files { get; init; }
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the pattern plugin.</summary>
public sealed record PatternOptions
{
    /// <summary>The size of the disk.</summary>
    [Parameter("size", "Size of the disk, up to 2^63-1 bytes; need not be a multiple of 8.", IsMagic = true)]
    public required ByteSize Size { get; init; }
}

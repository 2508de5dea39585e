using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the full plugin.</summary>
public sealed record FullOptions
{
    /// <summary>The size of the disk.</summary>
    [Parameter("size", "Size of the disk, up to 2^63-1 bytes.", IsMagic = true)]
    public required ByteSize Size { get; init; }
}

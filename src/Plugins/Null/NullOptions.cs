using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the null plugin.</summary>
public sealed record NullOptions
{
    /// <summary>The size of the disk.</summary>
    [Parameter("size", "Size of the disk, up to 2^63-1 bytes.", IsMagic = true)]
    public ByteSize Size { get; init; }
}

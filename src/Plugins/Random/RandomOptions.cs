using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the random plugin.</summary>
public sealed record RandomOptions
{
    /// <summary>The size of the disk.</summary>
    [Parameter("size", "Size of the disk, up to 2^63-1 bytes.", IsMagic = true)]
    public required ByteSize Size { get; init; }

    /// <summary>What the content is made of.</summary>
    [Parameter("seed", "A number that decides the content: the same one gives the same disk.", DefaultText = "another one at every start")]
    public ulong? Seed { get; init; }
}

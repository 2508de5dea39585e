using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the memory plugin.</summary>
public sealed record MemoryOptions
{
    /// <summary>The size of the disk.</summary>
    [Parameter("size", "Size of the disk, up to 2^63-1 bytes, for example 64M.", IsMagic = true)]
    public required ByteSize Size { get; init; }

    /// <summary>How memory is taken.</summary>
    [Parameter(
        "allocator",
        "How memory is taken: sparse (page by page as it is written), malloc (all of it at the start), malloc,mlock=true (and kept from being swapped out).",
        ValueName = "sparse|malloc[,mlock=true]")]
    public string Allocator
    {
        get;
        init
        {
            // Here, so that a mistake is reported together with those in other parameters.
            _ = Plugins.Allocator.Parse(value);
            field = value;
        }
    }

    = "sparse";
}

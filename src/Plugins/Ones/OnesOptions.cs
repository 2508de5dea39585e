using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the ones plugin.</summary>
public sealed record OnesOptions
{
    /// <summary>The size of the disk.</summary>
    [Parameter("size", "Size of the disk, up to 2^63-1 bytes.", IsMagic = true)]
    public ByteSize Size { get; init; }

    /// <summary>What every byte is.</summary>
    [Parameter("byte", "What every byte of the disk is, 0 to 255.", DefaultText = "0xff")]
    public int Byte
    {
        get;
        init => field = value is >= byte.MinValue and <= byte.MaxValue ? value : throw new FormatException("a byte from 0 to 255 is needed");
    }

    = byte.MaxValue;
}

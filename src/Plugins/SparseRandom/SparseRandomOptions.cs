using System.Globalization;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the sparse-random plugin.</summary>
public sealed record SparseRandomOptions
{
    /// <summary>The size of the disk.</summary>
    [Parameter("size", "Size of the disk, up to 2^63-1 bytes.", IsMagic = true)]
    public required ByteSize Size { get; init; }

    /// <summary>What the content is made of.</summary>
    [Parameter("seed", "A number that decides the content: the same one gives the same disk.", DefaultText = "another one at every start")]
    public ulong? Seed { get; init; }

    /// <summary>How much of the disk is data.</summary>
    [Parameter("percent", "How much of the disk is data, about, in percent: 0 is a single hole, 100 a disk without holes.", ValueName = "N", DefaultText = "10")]
    public string Percent
    {
        get;
        init
        {
            // Here, so that a mistake is reported together with those in other parameters.
            _ = DataShareOf(value);
            field = value;
        }
    }

    = "10";

    /// <summary>How long the data runs are.</summary>
    [Parameter("runlength", "How long a run of data is on average.")]
    public ByteSize RunLength
    {
        get;
        init => field = value.Value > 0 ? value : throw new FormatException("a size of at least 1 is needed");
    }

    = new(16 << 20);

    /// <summary>Whether the data are random byte by byte.</summary>
    [Parameter("random-content", "Make every byte random, instead of one random byte for each 32 KiB block.")]
    public bool RandomContent { get; init; }

    /// <summary>The part of the disk that is data, 0 … 1.</summary>
    internal double DataShare => DataShareOf(Percent);

    private static double DataShareOf(string percent)
        => double.TryParse(percent.AsSpan().TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number is >= 0 and <= 100
            ? number / 100
            : throw new FormatException("a percentage from 0 to 100 is needed");
}

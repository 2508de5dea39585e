using System.Globalization;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the partitioning plugin. Each file gets what stands in front of it on the command line.</summary>
public sealed record PartitioningOptions
{
    private const string Default = "default";
    private const long LeastAlignment = 512;
    private const long MostAlignment = 1L << 30;
    private const byte LinuxId = 0x83;

    private static readonly Guid LinuxGuid = new("0FC63DAF-8483-4772-8E79-3D69D8477DE4");

    private readonly List<PartitionRequest> _partitions = [];

    [Parameter("file", "A file or block device that becomes a partition; give it again for each further one.", IsMagic = true)]
    public required IReadOnlyList<FilePath> Files
    {
        get;
        init
        {
            field = value;
            _partitions.Add(new PartitionRequest(value[^1], Alignment.Value, ToId(MbrId), ToGuid(TypeGuid)));
        }
    }

    [Parameter("partition-type", "mbr or gpt.", ValueName = "mbr|gpt", DefaultText = "gpt for more than 4 files or 2 TiB, else mbr")]
    public PartitionTableType? Table { get; init; }

    [Parameter("alignment", "The files that follow begin at multiples of this many bytes: 512 to 1G, a multiple of 512.")]
    public ByteSize Alignment
    {
        get;
        init => field = value.Value is >= LeastAlignment and <= MostAlignment && value.Value % LeastAlignment == 0 ? value
            : throw new FormatException("a multiple of 512 from 512 to 1G is needed");
    }

    = new(1 << 20);

    [Parameter("mbr-id", "The type of the files that follow in an MBR: a byte such as 0x82, or default.", ValueName = "0xNN|default", DefaultText = "0x83")]
    public string MbrId
    {
        get;
        init
        {
            _ = ToId(value);
            field = value;
        }
    }

    = Default;

    [Parameter(
        "type-guid",
        "The type of the files that follow in a GPT, or default.",
        ValueName = "GUID|default",
        DefaultText = "0FC63DAF-8483-4772-8E79-3D69D8477DE4")]
    public string TypeGuid
    {
        get;
        init
        {
            _ = ToGuid(value);
            field = value;
        }
    }

    = Default;

    /// <summary>The files in order.</summary>
    internal IReadOnlyList<PartitionRequest> Partitions => _partitions;

    private static byte ToId(string text)
    {
        if (text == Default)
        {
            return LinuxId;
        }

        var isHexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return byte.TryParse(
            isHexadecimal ? text.AsSpan(2) : text, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new FormatException("a byte such as 0x82, or default, is needed");
    }

    private static Guid ToGuid(string text)
        => text == Default ? LinuxGuid
            : Guid.TryParseExact(text, "D", out var guid) || Guid.TryParseExact(text, "B", out guid) ? guid
            : throw new FormatException("a GUID such as C12A7328-F81F-11D2-BA4B-00A0C93EC93B, or default, is needed");
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the data plugin.</summary>
public sealed record DataOptions
{
    /// <summary>The content in the plugin's language.</summary>
    [Parameter("data", "The content as an expression, for example '0 1 2 3 @0x1fe 0x55 0xaa'.", IsMagic = true, ValueName = "EXPRESSION")]
    public string? Data
    {
        get;
        init => field = field is null ? value
            : throw new FormatException("the data is given a second time; an expression with blanks must be quoted");
    }

    /// <summary>The content in base64.</summary>
    [Parameter("base64", "The content in base64.")]
    public string? Base64 { get; init; }

    /// <summary>The content as it is.</summary>
    [Parameter("raw", "The content as it is, in UTF-8.")]
    public string? Raw { get; init; }

    /// <summary>The size of the disk.</summary>
    [Parameter("size", "Size of the disk: the content is cut or followed by zeroes.", DefaultText = "the content's")]
    public ByteSize? Size { get; init; }

    /// <summary>How memory is taken.</summary>
    [Parameter("allocator", "How memory is taken, as for the memory plugin.", ValueName = "sparse|malloc[,mlock=true]")]
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

    /// <summary>Expressions to be used in the data.</summary>
    [AnyOtherParameter("Any other key: an expression that is used where the data says $KEY.", ValueName = "EXPRESSION")]
    public IReadOnlyList<ParameterValue> Variables { get; init; } = [];
}

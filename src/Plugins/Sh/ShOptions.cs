using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>The parameters of the sh plugin.</summary>
public sealed record ShOptions
{
    /// <summary>The script.</summary>
    [Parameter("script", "The script or any other executable; - for one that is read from standard input.", IsMagic = true, ValueName = "FILE|-")]
    public required string Script { get; init; }

    /// <summary>What the script gets.</summary>
    [AnyOtherParameter("Any other key is for the script, which gets it by its method config.")]
    public IReadOnlyList<ParameterValue> Others { get; init; } = [];
}

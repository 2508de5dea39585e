using SharpNbd.Abstractions;

namespace SharpNbd.Scripting;

/// <summary>The parameters of the csx plugin.</summary>
public sealed record CsxOptions
{
    /// <summary>The script.</summary>
    [Parameter("script", "The script: a file of C# with one class that makes the disk. The first word without a key is one, too.", ValueName = "FILE")]
    public required FilePath Script { get; init; }

    /// <summary>Whether changes are taken over.</summary>
    [Parameter("reload", "Clients that connect after the script has changed get the changed one. The option --reload does the same.")]
    public bool Reload { get; init; }

    /// <summary>What the script gets.</summary>
    [AnyOtherParameter("Any other key is for the script, which declares it.")]
    public IReadOnlyList<ParameterValue> Others { get; init; } = [];
}

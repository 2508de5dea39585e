namespace SharpNbd.Server;

/// <summary>How an option is spelt and what it is for. The one place that the parser, the help and the completion lists read.</summary>
/// <param name="Option">Which option.</param>
/// <param name="Short">The letter, or null.</param>
/// <param name="Long">The long names without dashes, the usual one first.</param>
/// <param name="ValueName">What stands for the value in the help, or null for an option without a value.</param>
/// <param name="Help">What it does, in one line; null for an option of nbdkit that is not built yet.</param>
internal sealed record OptionDefinition(Option Option, char? Short, IReadOnlyList<string> Long, string? ValueName, string? Help)
{
    /// <summary>
    /// nbdkit 1.32 does not have it. An abbreviation that was unambiguous there must stay so: it is looked up among the
    /// others first.
    /// </summary>
    public bool IsNewer { get; init; }

    /// <summary>The option works; otherwise it is only known, so that the user is told so.</summary>
    public bool IsBuilt => Help is not null;

    /// <summary>The option takes a value.</summary>
    public bool TakesValue => ValueName is not null;

    /// <summary>The usual long name with its dashes.</summary>
    public string LongName => "--" + Long[0];
}

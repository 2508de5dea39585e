namespace SharpNbd.Server;

/// <summary>The command line, taken apart but not yet understood.</summary>
/// <param name="Options">The options in the order in which they were typed.</param>
/// <param name="Words">What is not an option: the plugin and its parameters.</param>
/// <param name="Errors">What could not be read, a line each.</param>
internal sealed record CommandLine(
    IReadOnlyList<GivenOption> Options, IReadOnlyList<string> Words, IReadOnlyList<string> Errors)
{
    /// <summary>The option was given.</summary>
    public bool Has(Option option) => Options.Any(given => given.Definition.Option == option);

    /// <summary>The value of the last of a repeated option, or null where it was not given.</summary>
    public string? Last(Option option) => All(option).LastOrDefault();

    /// <summary>Every value that was given for an option, in order.</summary>
    public IEnumerable<string> All(Option option)
        => Options.Where(given => given.Definition.Option == option).Select(given => given.Value);
}

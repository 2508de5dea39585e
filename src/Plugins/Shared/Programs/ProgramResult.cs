namespace SharpNbd.Plugins;

/// <summary>What a program that ran to its end left behind.</summary>
/// <param name="Exit">How it ended.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ProgramResult(ProgramExit Exit, string Output, string Error)
{
    /// <summary>What it says about its failure: the last line, for programs greet first; or how it ended.</summary>
    public string Complaint
        => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var line] ? line : Exit.ToString();
}

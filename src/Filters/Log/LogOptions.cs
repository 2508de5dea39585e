using SharpNbd.Abstractions;

namespace SharpNbd.Filters;

/// <summary>The parameters of the log filter.</summary>
public sealed record LogOptions
{
    [Parameter("logfile", "Where the log is written.", ValueName = "FILE")]
    public FilePath? File { get; init; }

    [Parameter("logappend", "Keeps what is in the log file and writes behind it.")]
    public bool Append { get; init; }

    [Parameter("logscript", "A shell script that is run for every line.", ValueName = "SCRIPT")]
    public string? Script { get; init; }
}

using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>How a script answered a method.</summary>
/// <param name="Method">The method.</param>
/// <param name="Script">The script's name for messages.</param>
/// <param name="Outcome">What the exit code meant.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Failure">What it said about an error, or null where there is none.</param>
internal readonly record struct ScriptAnswer(
    string Method, string Script, ScriptOutcome Outcome, ProgramOutput Output, NbdException? Failure = null)
{
    /// <summary>The standard output as text; a script that writes without end is not understood.</summary>
    public string Text => Output.HasOverflown ? throw NotUnderstood("more than can be read") : Output.Text;

    /// <summary>The standard output without the newline that <c>echo</c> puts at its end.</summary>
    public string Line => Text is [.. var line, '\n'] ? line : Text;

    /// <summary>Whether there is an answer; without the method there is none.</summary>
    /// <exception cref="NbdException">The script reported an error, or no where nothing was asked.</exception>
    public bool IsGiven => Outcome switch
    {
        ScriptOutcome.Ok => true,
        ScriptOutcome.Missing => false,
        ScriptOutcome.False => throw new NbdException(NbdError.EIO, $"{Script}: {Method} ended with status 3, which means no, but nothing was asked"),
        _ => throw Failure!,
    };

    /// <summary>Yes or no.</summary>
    /// <param name="otherwise">What holds without the method.</param>
    /// <exception cref="NbdException">The script reported an error.</exception>
    public bool IsYes(bool otherwise = false) => Outcome switch
    {
        ScriptOutcome.Ok => true,
        ScriptOutcome.False => false,
        ScriptOutcome.Missing => otherwise,
        _ => throw Failure!,
    };

    /// <summary>Requires that the method is there and has succeeded.</summary>
    /// <exception cref="NbdException">It is not, or has failed.</exception>
    public void Require()
    {
        if (!IsGiven)
        {
            throw new NbdException(NbdError.EIO, $"{Script}: the method {Method} is missing (status 2), which every script must have");
        }
    }

    /// <summary>For output that has no meaning.</summary>
    public NbdException NotUnderstood(string what, Exception? cause = null)
        => new(NbdError.EIO, $"{Script}: {Method} wrote {what}{(cause is null ? "" : $": {cause.Message}")}", cause);
}

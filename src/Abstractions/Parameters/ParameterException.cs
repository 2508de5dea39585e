namespace SharpNbd.Abstractions;

/// <summary>Parameters that a component cannot work with. The server shows each message on a line of its own and does not start.</summary>
public sealed class ParameterException : Exception
{
    /// <summary>One thing that is wrong.</summary>
    /// <param name="message">What was wrong and what is accepted, in one line.</param>
    public ParameterException(string message)
        : this([message])
    {
    }

    /// <summary>Several things that are wrong.</summary>
    /// <param name="errors">What was wrong and what is accepted, a line each; at least one.</param>
    public ParameterException(IReadOnlyList<string> errors)
        : base(string.Join('\n', errors)) => Errors = errors;

    /// <summary>What was wrong, a line each.</summary>
    public IReadOnlyList<string> Errors { get; }
}

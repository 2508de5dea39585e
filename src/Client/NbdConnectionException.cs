namespace SharpNbd.Client;

/// <summary>
/// There is no connection to the server, or none any more: it cannot be reached, refuses, has gone, or broke the protocol, which is said
/// in one line. Everything that was in flight fails with it; whether the server has done it is not known.
/// </summary>
public sealed class NbdConnectionException : IOException
{
    /// <summary>An error with a sentence for a human.</summary>
    /// <param name="message">One line that says what was wrong.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public NbdConnectionException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>The server was reached and has answered with a refusal, for example because there is no such export.</summary>
    public bool IsRefusal { get; init; }
}

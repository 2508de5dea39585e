namespace SharpNbd.Abstractions;

/// <summary>
/// A request that cannot be served. A plugin or filter throws it to choose the error number that the client gets;
/// the sentence goes to the log and, where the client understands it, into the reply. The connection goes on.
/// </summary>
public sealed class NbdException : Exception
{
    /// <summary>An error with a sentence for a human.</summary>
    /// <param name="error">What the client gets; <see cref="NbdError.None"/> is not an error and is refused.</param>
    /// <param name="message">One sentence that says what was wrong.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is <see cref="NbdError.None"/>.</exception>
    public NbdException(NbdError error, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((uint)error, (uint)NbdError.None, nameof(error));
        Error = error;
    }

    /// <summary>The error number that the client gets.</summary>
    public NbdError Error { get; }

    /// <summary>
    /// For a read: the offset of the first byte that could not be had, where all bytes of the buffer up to it are right. A client that
    /// understands it gets those, and is told the offset. Null where that is not known.
    /// </summary>
    public long? FailedAt { get; init; }

    /// <summary>
    /// True when the failure was asked for, as by the error filter: it is reported to the client like any other, but
    /// whoever threw it has already written what the log should say.
    /// </summary>
    public bool IsLogged { get; init; }
}

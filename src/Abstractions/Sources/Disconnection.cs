namespace SharpNbd.Abstractions;

/// <summary>How a disk ends the connection that it was opened for.</summary>
public enum Disconnection
{
    /// <summary>What is in flight is answered; every later request fails with <see cref="NbdError.ESHUTDOWN"/> until the client leaves.</summary>
    Soft,

    /// <summary>At once: the client gets no more replies.</summary>
    Now,
}

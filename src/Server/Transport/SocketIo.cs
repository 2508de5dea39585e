namespace SharpNbd.Server;

/// <summary>
/// The system calls on a connected, blocking socket. Nothing asynchronous may ever be called on it: .NET would make the
/// descriptor non-blocking.
/// </summary>
internal abstract unsafe class SocketIo : IDisposable
{
    /// <summary>Waits for the next request's bytes and takes what is there; 0 when the peer has closed or is gone.</summary>
    public abstract int Receive(byte* buffer, int length);

    /// <summary>
    /// Waits for bytes that are on their way, and fills one piece of memory after the other with what is there; 0 when the peer
    /// has closed or is gone.
    /// </summary>
    public abstract int Receive(IoSegment* segments, int count);

    /// <summary>Sends the segments from the first one on; less than all of them when it may not wait.</summary>
    /// <returns>The bytes sent; 0 when there is no room and it may not wait.</returns>
    /// <exception cref="IOException">The peer is gone.</exception>
    public abstract long Send(IoSegment* segments, int count, bool wait);

    /// <summary>Ends the receiving direction; wakes a reader.</summary>
    public abstract void StopReceiving();

    /// <summary>Ends both directions; wakes whoever waits.</summary>
    public abstract void Abort();

    public abstract void Dispose();
}

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
    /// <param name="segments">The first segment.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="wait">Whether it may wait for the peer.</param>
    /// <param name="isMoreToCome">More is sent at once, so that a packet need not leave for this alone.</param>
    /// <returns>The bytes sent; 0 when there is no room and it may not wait.</returns>
    /// <exception cref="IOException">The peer is gone.</exception>
    public abstract long Send(IoSegment* segments, int count, bool wait, bool isMoreToCome = false);

    /// <summary>A pipe whose pages can be sent; null where there is none.</summary>
    public virtual SplicePipe? Pipe => null;

    /// <summary>From how many bytes on <see cref="SendPages"/> costs less than <see cref="Send"/>.</summary>
    public virtual int ShortestPages => int.MaxValue;

    /// <summary>
    /// Sends a segment, waiting for the peer as long as it takes, in a way that may leave its pages to the kernel: the peer then
    /// takes them from where they are. A segment without an address is what has been put into <see cref="Pipe"/>.
    /// </summary>
    /// <exception cref="IOException">The peer is gone.</exception>
    public virtual void SendPages(IoSegment segment) => SendAll(segment);

    /// <summary>How long the peer has let a send wait without taking a byte; zero where none waits or that is not known.</summary>
    public virtual TimeSpan UnreadFor => TimeSpan.Zero;

    /// <summary>Ends the receiving direction; wakes a reader.</summary>
    public abstract void StopReceiving();

    /// <summary>Ends both directions; wakes whoever waits.</summary>
    public abstract void Abort();

    public abstract void Dispose();

    /// <summary>Sends a segment by copying it.</summary>
    protected void SendAll(IoSegment segment)
    {
        while (segment.Length > 0)
        {
            var sent = Send(&segment, 1, wait: true);
            segment.Base += sent;
            segment.Length -= (nuint)sent;
        }
    }
}

using System.IO.Pipelines;

namespace SharpNbd.Server;

/// <summary>
/// A pipe writer that also takes memory which it does not own, and sends everything together. Used by one thread at a time,
/// under the lock of its user.
/// </summary>
internal abstract class GatherWriter : PipeWriter
{
    /// <summary>
    /// Queues memory behind what is queued already, without copying where that is possible. It must be at a fixed address
    /// and stay as it is until a flush has completed.
    /// </summary>
    public abstract void Append(ReadOnlySpan<byte> memory);

    /// <summary>
    /// Sends what is queued.
    /// </summary>
    /// <param name="wait">Whether to wait for the peer to make room; without it, what does not fit stays queued.</param>
    /// <returns>Everything has been sent.</returns>
    /// <exception cref="IOException">The peer is gone.</exception>
    public abstract bool Flush(bool wait);
}

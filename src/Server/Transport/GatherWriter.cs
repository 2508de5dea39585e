using System.IO.Pipelines;
using SharpNbd.Abstractions;

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

    /// <summary>Where a disk can put pages that are sent without a copy; null where there is no such thing.</summary>
    public virtual SplicePipe? Pipe => null;

    /// <summary>From how many bytes on that costs less than copying.</summary>
    public virtual int ShortestPages => int.MaxValue;

    /// <summary>Queues what has been put into <see cref="Pipe"/>, which has to be empty up to that.</summary>
    public virtual void AppendPiped(int length) => throw new NotSupportedException();

    /// <summary>The same for memory whose pages the peer may read from where they are, also when the flush has completed.</summary>
    public virtual void AppendPages(ReadOnlySpan<byte> memory) => Append(memory);

    /// <summary>Queues what a disk has lent, as pages where it allows that.</summary>
    public unsafe void AppendLent(LentMemory memory)
    {
        var bytes = new ReadOnlySpan<byte>((void*)memory.Address, memory.Length);
        if (memory.IsMapped)
        {
            AppendPages(bytes);
        }
        else
        {
            Append(bytes);
        }
    }

    /// <summary>Sends bytes from where they lie, as many as go without waiting, if nothing is queued in front of them.</summary>
    /// <param name="bytes">What to send.</param>
    /// <param name="isMoreToCome">Something follows at once, so that the last packet need not leave before it is full.</param>
    /// <returns>How many have left; the others are still the caller's.</returns>
    /// <exception cref="IOException">The peer is gone.</exception>
    public virtual int TrySend(ReadOnlySpan<byte> bytes, bool isMoreToCome) => 0;

    /// <summary>
    /// Sends what is queued.
    /// </summary>
    /// <param name="wait">Whether to wait for the peer to make room; without it, what does not fit stays queued.</param>
    /// <returns>Everything has been sent.</returns>
    /// <exception cref="IOException">The peer is gone.</exception>
    public abstract bool Flush(bool wait);
}

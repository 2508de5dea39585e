using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// The bytes of a disk that is held in memory, all zero at first. Any number of threads may use it at once; the calls never
/// wait for each other. Requests that overlap in time and place leave one or the other content there, and never change a
/// byte outside their ranges. Ranges lie inside the store.
/// </summary>
internal abstract class ByteStore : IDisposable
{
    /// <summary>The size in bytes.</summary>
    public abstract long Size { get; }

    public abstract void Read(long offset, Span<byte> buffer);

    /// <summary>Shows a range where it lies, if it lies in one piece that exists.</summary>
    public abstract bool TryLend(long offset, int length, out LentMemory memory);

    /// <summary>Shows a range as what exists of it and holes.</summary>
    /// <returns>False where there are too many of them.</returns>
    public virtual bool TryLendPieces(long offset, int length, LentPieces pieces) => false;

    /// <exception cref="NbdException">ENOMEM: there is no memory left.</exception>
    public abstract void Write(long offset, ReadOnlySpan<byte> data);

    /// <summary>Makes the range read as zeroes.</summary>
    /// <param name="range">The bytes.</param>
    /// <param name="release">Give the memory back as far as possible, so that the range becomes a hole.</param>
    public abstract void Zero(ByteRange range, bool release);

    /// <summary>Adds what is known of the range.</summary>
    public abstract void AddExtents(ByteRange range, ExtentList extents);

    /// <summary>Gives all memory back. Nobody uses the store any more.</summary>
    public abstract void Dispose();
}

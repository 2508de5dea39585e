using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// An open file. The calls block, and belong on an I/O thread, except the two that say otherwise. All of them may run at once.
/// </summary>
/// <param name="flushes">Who makes this opening of the file stable.</param>
internal abstract class DiskFile(FlushQueue flushes) : IDisposable
{
    /// <summary>What the file is called in messages; not its whole path, since clients see them.</summary>
    public abstract string DisplayName { get; }

    /// <summary>The descriptor, where reads may be handed to the kernel to be done later; otherwise -1.</summary>
    public virtual int Descriptor => -1;

    /// <summary>The size when it was opened, in bytes.</summary>
    public abstract long Size { get; }

    public abstract bool CanWrite { get; }

    /// <summary>Trim, zero and cache requests are served.</summary>
    public virtual bool CanManageSpace => false;

    /// <summary>The file system can tell where the file has holes.</summary>
    public virtual bool CanExtents => false;

    /// <summary>The size and alignment of access that the file system serves best, in bytes.</summary>
    public virtual long PreferredBlockSize => 4096;

    /// <summary>Who makes this opening of the file stable.</summary>
    public FlushQueue Flushes { get; } = flushes;

    /// <summary>Reads what can be had without waiting for a device, perhaps nothing. Does not block and does not fail.</summary>
    /// <returns>The number of bytes, from the start of the buffer.</returns>
    public virtual int TryRead(long offset, Span<byte> buffer) => 0;

    /// <summary>Puts pages that are in memory into a pipe, without waiting for a device.</summary>
    /// <returns>The number of bytes, from the offset on.</returns>
    public virtual int TrySplice(long offset, int length, int pipe) => 0;

    /// <summary>Writes to memory that the kernel writes out later, all or nothing, where that is how the file works. Does not wait for a device.</summary>
    public virtual bool TryWrite(long offset, ReadOnlySpan<byte> data) => false;

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="NbdException">EIO, also where the file ends before the buffer is full.</exception>
    public abstract void Read(long offset, Span<byte> buffer);

    /// <summary>Writes everything.</summary>
    public abstract void Write(long offset, ReadOnlySpan<byte> data);

    /// <summary>
    /// Makes what was written stable. Called by <see cref="Flushes"/> only, and once at a time for an opening of the file,
    /// for the kernel tells of a failed write-out only once.
    /// </summary>
    public abstract void Synchronize();

    /// <summary>Gives the space of a range back where that is possible.</summary>
    public virtual void Trim(ByteRange range)
    {
    }

    /// <summary>Makes a range read as zeroes without writing them.</summary>
    /// <param name="range">The bytes.</param>
    /// <param name="flags">FUA is not for here.</param>
    /// <exception cref="NbdException">ENOTSUP: that is not possible; nothing was changed.</exception>
    public virtual void Zero(ByteRange range, ZeroFlags flags) => throw new NbdException(NbdError.ENOTSUP, $"zeroes have to be written to {DisplayName}");

    /// <summary>Has the kernel read a range ahead.</summary>
    public virtual void Prefetch(ByteRange range)
    {
    }

    /// <summary>Adds the extents of the list's range until it is complete.</summary>
    public virtual void AddExtents(ExtentList extents) => extents.Add(extents.Range.Offset, extents.Range.Length, ExtentFlags.Data);

    /// <summary>Has the kernel forget a range that was read.</summary>
    public virtual void ForgetRead(ByteRange range)
    {
    }

    /// <summary>Has the kernel write out a range that was written, and forget one that was written some time ago.</summary>
    public virtual void ForgetWritten(ByteRange range)
    {
    }

    public abstract void Dispose();
}

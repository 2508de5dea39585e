namespace SharpNbd.Abstractions;

/// <summary>
/// One export, opened by one connection. Size and capabilities are fixed once it is open. The engine calls only what the
/// capabilities promise, with ranges that lie inside the disk and are not empty; several calls may be under way at once
/// unless the source's <see cref="ThreadModel"/> says otherwise. A call that can finish at once should return a completed
/// task: it is then answered without a thread hop. A call that would block should go on elsewhere, for it holds up the
/// connection's later requests. A failed call throws, synchronously or through the task: <see cref="NbdException"/> to choose
/// the error number, any other exception becomes the errno it carries, or EIO.
/// </summary>
public abstract class Disk : IAsyncDisposable
{
    /// <summary>The size in bytes, 0 … 2^63-1.</summary>
    public abstract long Size { get; }

    /// <summary>What the disk can do.</summary>
    public abstract DiskCapabilities Capabilities { get; }

    /// <summary>A sentence about the export for a human (NBD_INFO_DESCRIPTION), at most 4096 bytes of UTF-8, or null.</summary>
    public virtual string? Description => null;

    /// <summary>Reads. Must fill all of the buffer or throw.</summary>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="buffer">Where the bytes go; the caller's again once the task completes.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    public abstract ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>
    /// Offers the bytes of a read where they lie, so that they are sent without being copied. An optional short cut for disks
    /// whose bytes are in memory: refusing, as here, is always right, and <see cref="ReadAsync"/> is called then.
    /// </summary>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="length">The number of bytes; the range lies inside the disk.</param>
    /// <param name="memory">The bytes, see <see cref="LentMemory"/> for how long they must stay. A cache that evicts must refuse.</param>
    public virtual bool TryLend(long offset, int length, out LentMemory memory)
    {
        memory = default;
        return false;
    }

    /// <summary>
    /// Offers a read in pieces: lent memory and holes. Asked where <see cref="TryLend"/> has refused, and for disks that know their holes
    /// without looking for them; refusing, as here, is always right, and <see cref="ReadAsync"/> is called then.
    /// </summary>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="length">The number of bytes; the range lies inside the disk.</param>
    /// <param name="pieces">Where the pieces go, which have to cover the range; empty at first.</param>
    /// <returns>Whether the read is answered; if not, what was added is forgotten.</returns>
    public virtual bool TryLendPieces(long offset, int length, LentPieces pieces) => false;

    /// <summary>
    /// Whether a read is the plugin's own, with nothing in front of it that may have other offsets or bytes. Only then
    /// <see cref="NbdException.FailedAt"/> and the bytes before it mean the same to the client. Nothing but a filter has reason to say no.
    /// </summary>
    public virtual bool ReadsAreDirect => true;

    /// <summary>Writes all of the data or throws. Called only when <see cref="DiskCapabilities.CanWrite"/>.</summary>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="data">The bytes; the caller's again once the task completes.</param>
    /// <param name="flags">FUA, only where <see cref="DiskCapabilities.Fua"/> is native.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    /// <exception cref="NbdException">EPERM, unless overridden.</exception>
    public virtual ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => throw new NbdException(NbdError.EPERM, "the disk cannot be written");

    /// <summary>
    /// Makes every write that had completed when the call began stable, on whichever connection it was made if
    /// <see cref="DiskCapabilities.CanMultiConn"/>. Called only when <see cref="DiskCapabilities.CanFlush"/>. Does nothing unless
    /// overridden, which is right for a disk without anything behind it.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    public virtual ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Tells that the range is no longer needed; what it reads as afterwards is not defined. Called only when
    /// <see cref="DiskCapabilities.CanTrim"/>. A hint: a disk may do less, or nothing, as here.
    /// </summary>
    /// <param name="range">The bytes; any length up to the size of the disk.</param>
    /// <param name="flags">FUA, only where <see cref="DiskCapabilities.Fua"/> is native.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    public virtual ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Puts the bytes of a read into a pipe of the kernel, as references to pages, so that they are sent without a copy: splice(2) from a
    /// file. Called for long reads only, where <see cref="TryLend"/> has refused. Must not wait: what would, is not put in. Must not throw,
    /// either: that may leave bytes in the pipe that nobody has counted, and ends the connection.
    /// </summary>
    /// <param name="offset">Where the read begins.</param>
    /// <param name="length">Its length, which the empty pipe has room for.</param>
    /// <param name="pipe">The descriptor of the pipe's end for writing.</param>
    /// <returns>How many bytes were put in. Less than all of them, or none as here, and the read comes through <see cref="ReadAsync"/>
    /// instead: what was put in is thrown away, and an error is reported there.</returns>
    public virtual int Splice(long offset, int length, int pipe) => 0;

    /// <summary>
    /// Makes the range read as zeroes. Called only when <see cref="DiskCapabilities.Zero"/> is native; otherwise zeroes are written.
    /// </summary>
    /// <param name="range">The bytes; any length up to the size of the disk.</param>
    /// <param name="flags">Whether space may be given back, whether only a fast way is wanted, and FUA.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    /// <exception cref="NbdException">ENOTSUP for a range that cannot be zeroed by this disk: it is then written, or, with
    /// <see cref="ZeroFlags.Fast"/>, refused.</exception>
    public virtual ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
        => throw new NbdException(NbdError.ENOTSUP, "the disk cannot zero by itself");

    /// <summary>
    /// Tells that the range will be read soon. Called only when <see cref="DiskCapabilities.Cache"/> is native. A hint: doing
    /// nothing, as here, is right for a disk whose bytes are near already.
    /// </summary>
    /// <param name="range">The bytes; any length up to the size of the disk.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    public virtual ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>
    /// Tells where data and holes are. Adds at least one extent that begins at the range's offset. Called only when
    /// <see cref="DiskCapabilities.CanExtents"/>; says that all is data unless overridden.
    /// </summary>
    /// <param name="range">The bytes; any length up to the size of the disk.</param>
    /// <param name="extents">Where the extents go, in order and without gaps, until <see cref="ExtentList.IsComplete"/>.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    public virtual ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
    {
        extents.Add(range.Offset, range.Length, ExtentFlags.Data);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// The connection's thread is about to send the replies that it has collected, or to wait: what the disk has put off for calls that it
    /// completed at once on this thread, it does now. Called for every batch; must be short, not wait and not throw.
    /// </summary>
    public virtual void EndBatch()
    {
    }

    /// <summary>
    /// Closes what the connection held. Called once, when every call has ended, also when the client vanished. What it did not
    /// flush may be lost.
    /// </summary>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

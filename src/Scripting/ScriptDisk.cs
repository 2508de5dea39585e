using SharpNbd.Abstractions;

namespace SharpNbd.Scripting;

/// <summary>
/// The short form of a disk, for scripts: one object, which all clients share, with plain methods that are called one at a time. What is overridden
/// is offered to clients: with <see cref="Write"/> the disk can be written, with <see cref="Flush"/> it can be flushed, and so on.
/// </summary>
public abstract class ScriptDisk : Disk
{
    private readonly DiskCapabilities _capabilities;

    /// <summary>Finds out what the disk can do.</summary>
    protected ScriptDisk() => _capabilities = new DiskCapabilities
    {
        CanWrite = Has(nameof(Write)),
        CanFlush = Has(nameof(Flush)),
        CanTrim = Has(nameof(Trim)),
        Zero = Has(nameof(Zero)) ? Support.Native : Support.None,
        CanMultiConn = true,
    };

    /// <summary>How many calls the disk takes at once: one, unless overridden.</summary>
    public virtual ThreadModel ThreadModel => ThreadModel.SerializeAllRequests;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities => _capabilities;

    /// <summary>What the server offers: a logger, a clock, and a way to stop it. Not there yet in the constructor.</summary>
    public ComponentContext Context { get; internal set; } = null!;

    /// <summary>Reads. Has to fill all of the buffer, or throw.</summary>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="buffer">Where the bytes go.</param>
    public abstract void Read(long offset, Span<byte> buffer);

    /// <summary>Writes all of the data, or throws.</summary>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="data">The bytes.</param>
    public virtual void Write(long offset, ReadOnlySpan<byte> data) => throw new NbdException(NbdError.EPERM, "the disk cannot be written");

    /// <summary>Makes everything that was written stable.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>Tells that the range is no longer needed.</summary>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="length">The number of bytes.</param>
    public virtual void Trim(long offset, long length)
    {
    }

    /// <summary>Makes the range read as zeroes; where it is not overridden, zeroes are written.</summary>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="length">The number of bytes.</param>
    public virtual void Zero(long offset, long length) => throw new NbdException(NbdError.ENOTSUP, "the disk cannot zero by itself");

    /// <inheritdoc/>
    public sealed override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Read(offset, buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public sealed override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
    {
        Write(offset, data.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public sealed override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Flush();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public sealed override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
    {
        Trim(range.Offset, range.Length);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public sealed override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        Zero(range.Offset, range.Length);
        return ValueTask.CompletedTask;
    }

    private bool Has(string method) => GetType().GetMethod(method)!.DeclaringType != typeof(ScriptDisk);
}

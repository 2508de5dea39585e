using System.Buffers;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// Supplies what a plugin's disk lacks: zeroes by writing them, FUA by a flush behind the request, cache by reading. States
/// capabilities that fit together, so that filters and the engine need not think about it.
/// </summary>
internal sealed class EmulatingDisk : DiskFilter
{
    private const int ChunkLength = 256 * 1024;

    // Shared by all disks and never written to.
    private static readonly byte[] Zeroes = new byte[ChunkLength];

    private readonly bool _zeroIsNative;
    private readonly bool _flushesForFua;
    private readonly bool _cacheIsNative;
    private readonly int _chunkLength;

    /// <summary>Stands in front of a plugin's disk.</summary>
    /// <param name="inner">The plugin's disk.</param>
    /// <param name="readOnly">The server was told to serve read-only; a plugin may have ignored it.</param>
    public EmulatingDisk(Disk inner, bool readOnly)
        : base(inner)
    {
        var offered = inner.Capabilities;
        Capabilities = Normalize(offered, offered.CanWrite && !readOnly);
        _zeroIsNative = Capabilities.Zero == Support.Native;
        _flushesForFua = Capabilities.Fua == Support.Emulated;
        _cacheIsNative = offered.Cache == Support.Native;

        // A power of two from 1 to 64 KiB divides the chunk, so that every piece of an aligned range is aligned.
        _chunkLength = offered.BlockSize is { } size
            ? (int)Math.Min(ChunkLength, size.Maximum / size.Minimum * size.Minimum)
            : ChunkLength;
    }

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities { get; }

    /// <inheritdoc/>
    protected override bool PassesReads => true;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => _flushesForFua && (flags & WriteFlags.Fua) != 0
            ? FlushBehindAsync(Inner.WriteAsync(offset, data, flags & ~WriteFlags.Fua, cancellationToken), cancellationToken)
            : Inner.WriteAsync(offset, data, flags, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
        => _flushesForFua && (flags & WriteFlags.Fua) != 0
            ? FlushBehindAsync(Inner.TrimAsync(range, flags & ~WriteFlags.Fua, cancellationToken), cancellationToken)
            : Inner.TrimAsync(range, flags, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        if (!_zeroIsNative)
        {
            return WriteZeroesAsync(range, flags, cancellationToken);
        }

        if (_flushesForFua && (flags & ZeroFlags.Fua) != 0)
        {
            return FlushBehindAsync(ZeroOrWriteAsync(range, flags & ~ZeroFlags.Fua, cancellationToken), cancellationToken);
        }

        return ZeroOrWriteAsync(range, flags, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
        => _cacheIsNative ? Inner.CacheAsync(range, cancellationToken) : ReadAndForgetAsync(range, cancellationToken);

    private static DiskCapabilities Normalize(DiskCapabilities offered, bool canWrite)
    {
        var zero = !canWrite ? Support.None
            : offered.Zero == Support.Native ? Support.Native
            : Support.Emulated;
        return offered with
        {
            CanWrite = canWrite,
            CanTrim = canWrite && offered.CanTrim,
            Zero = zero,

            // Emulated zeroes are never fast, and to say so is: a client that asks for fast ones is refused at once.
            CanFastZero = zero == Support.Emulated || (zero == Support.Native && offered.CanFastZero),
            Fua = !canWrite ? Support.None
                : offered.Fua == Support.Native ? Support.Native
                : offered.CanFlush ? Support.Emulated
                : Support.None,
        };
    }

    private async ValueTask FlushBehindAsync(ValueTask request, CancellationToken cancellationToken)
    {
        await request;
        await Inner.FlushAsync(cancellationToken);
    }

    /// <summary>Asks the disk, and writes zeroes where it says that it cannot zero this range.</summary>
    private async ValueTask ZeroOrWriteAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        try
        {
            await Inner.ZeroAsync(range, flags, cancellationToken);
            return;
        }
        catch (NbdException e) when (e.Error == NbdError.ENOTSUP && (flags & ZeroFlags.Fast) == 0)
        {
            // Written below, outside the handler.
        }

        await WriteZeroesAsync(range, flags, cancellationToken);
    }

    private async ValueTask WriteZeroesAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
    {
        if ((flags & ZeroFlags.Fast) != 0)
        {
            throw new NbdException(NbdError.ENOTSUP, "zeroing is not faster than writing here") { IsLogged = true };
        }

        // One flush behind all pieces costs less than FUA on each; without flush each piece has to be stable by itself.
        var isFua = (flags & ZeroFlags.Fua) != 0;
        var flushes = isFua && Capabilities.CanFlush;
        var writeFlags = isFua && !flushes ? WriteFlags.Fua : WriteFlags.None;
        for (var offset = range.Offset; offset < range.End;)
        {
            // A range of an extended request may be as long as the disk: nobody may be left who waits for it.
            cancellationToken.ThrowIfCancellationRequested();
            var length = (int)Math.Min(_chunkLength, range.End - offset);
            await Inner.WriteAsync(offset, Zeroes.AsMemory(0, length), writeFlags, cancellationToken);
            offset += length;
        }

        if (flushes)
        {
            await Inner.FlushAsync(cancellationToken);
        }
    }

    private async ValueTask ReadAndForgetAsync(ByteRange range, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(_chunkLength, range.Length));
        try
        {
            for (var offset = range.Offset; offset < range.End;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var length = (int)Math.Min(_chunkLength, range.End - offset);
                await Inner.ReadAsync(offset, buffer.AsMemory(0, length), cancellationToken);
                offset += length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

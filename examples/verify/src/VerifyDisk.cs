using System.Buffers;
using SharpNbd.Abstractions;

/// <summary>A disk whose blocks are read as a whole and checked before anything of them is handed on.</summary>
internal sealed class VerifyDisk(Disk inner, Checksums sums) : DiskFilter(inner)
{
    // A new record, and not one made of the inner disk's: what can be changed cannot be checked, and a hole that the inner disk tells of would
    // be believed without being read.
    public override DiskCapabilities Capabilities { get; } = new() { CanMultiConn = true, BlockSize = inner.Capabilities.BlockSize };

    protected override bool PassesReads => false;

    public override async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (buffer.Length > 0)
        {
            var block = sums.BlockOf(offset, Size);
            var skipped = (int)(offset - block.Offset);
            var count = (int)Math.Min(block.End - offset, buffer.Length);
            if (count == block.Length)
            {
                await ReadBlockAsync(block, buffer[..count], cancellationToken);
            }
            else
            {
                await ReadPartAsync(block, skipped, buffer[..count], cancellationToken);
            }

            buffer = buffer[count..];
            offset += count;
        }
    }

    private async ValueTask ReadPartAsync(ByteRange block, int skipped, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var rented = ArrayPool<byte>.Shared.Rent((int)block.Length);
        try
        {
            var whole = rented.AsMemory(0, (int)block.Length);
            await ReadBlockAsync(block, whole, cancellationToken);
            whole.Slice(skipped, buffer.Length).CopyTo(buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private async ValueTask ReadBlockAsync(ByteRange block, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await Inner.ReadAsync(block.Offset, buffer, cancellationToken);
        if (!sums.AreThoseOf(block, buffer.Span))
        {
            throw new NbdException(NbdError.EIO, $"the block at {block.Offset} has not the checksum that it should have");
        }
    }
}

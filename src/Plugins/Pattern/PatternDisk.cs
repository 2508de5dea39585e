using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>Computes what is read.</summary>
internal sealed class PatternDisk(long size) : Disk
{
    private const int Group = sizeof(long);

    private static readonly DiskCapabilities Offered = new() { CanMultiConn = true, Cache = Support.Native };

    /// <inheritdoc/>
    public override long Size => size;

    /// <inheritdoc/>
    public override DiskCapabilities Capabilities => Offered;

    /// <inheritdoc/>
    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Fill(offset, buffer.Span);
        return ValueTask.CompletedTask;
    }

    private static void Fill(long offset, Span<byte> buffer)
    {
        if (offset % Group != 0)
        {
            var rest = FillPart(offset, buffer);
            offset += rest;
            buffer = buffer[rest..];
        }

        // Two groups at a time: their offsets side by side in a vector, each turned to big endian by moving its bytes.
        if (BitConverter.IsLittleEndian && Vector128.IsHardwareAccelerated)
        {
            var bigEndian = Vector128.Create((byte)7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
            var offsets = Vector128.Create(offset, offset + Group);
            var step = Vector128.Create(2L * Group);
            while (buffer.Length >= Vector128<byte>.Count)
            {
                Vector128.Shuffle(offsets.AsByte(), bigEndian).CopyTo(buffer);
                offsets += step;
                offset += 2 * Group;
                buffer = buffer[Vector128<byte>.Count..];
            }
        }

        while (!buffer.IsEmpty)
        {
            var length = FillPart(offset, buffer);
            offset += length;
            buffer = buffer[length..];
        }
    }

    /// <summary>Fills up to the end of the group in which the offset lies, and tells how many bytes that were.</summary>
    private static int FillPart(long offset, Span<byte> buffer)
    {
        Span<byte> group = stackalloc byte[Group];
        var within = (int)(offset % Group);
        BinaryPrimitives.WriteInt64BigEndian(group, offset - within);
        var length = Math.Min(Group - within, buffer.Length);
        group.Slice(within, length).CopyTo(buffer);
        return length;
    }
}

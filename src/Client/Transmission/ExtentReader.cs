using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Client;

/// <summary>Reads the extents of <c>base:allocation</c> ("NBD_REPLY_TYPE_BLOCK_STATUS", "NBD_REPLY_TYPE_BLOCK_STATUS_EXT").</summary>
internal sealed class ExtentReader(uint context)
{

    // A million extents: beyond that the answer is longer than any disk is worth.
    private const int MostExtents = 1 << 20;
    private const ExtentFlags KnownFlags = ExtentFlags.Hole | ExtentFlags.Zero;

    private int _headSize;
    private int _size;
    private int _count;

    /// <summary>Looks at the length of a chunk.</summary>
    /// <exception cref="NbdConnectionException">It cannot hold extents.</exception>
    public void Begin(PendingRequest request, long length, bool isExtended)
    {
        (_headSize, _size) = isExtended ? (8, 16) : (4, 8);
        var count = (length - _headSize) / _size;
        if (count is < 1 or > MostExtents || _headSize + (count * _size) != length)
        {
            throw new NbdConnectionException($"the server's extents for {request.Length} bytes at {request.Offset} are a chunk of {length} bytes");
        }

        _count = (int)count;
    }

    /// <summary>Reads the chunk.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="input">Where it comes from.</param>
    /// <param name="extents">Where the extents go; null when nobody wants them any more.</param>
    /// <exception cref="NbdConnectionException">It makes no sense.</exception>
    public void Read(PendingRequest request, ReplyBuffer input, ExtentList? extents)
    {
        var head = input.Await(_headSize);
        if (BinaryPrimitives.ReadUInt32BigEndian(head) is var id && id != context)
        {
            throw new NbdConnectionException($"the server sent extents of the context {id}, which was not asked for");
        }

        if (_size == 16 && BinaryPrimitives.ReadUInt32BigEndian(head[4..]) is var told && told != 0 && told != _count)
        {
            throw new NbdConnectionException($"the server announced {told} extents and sent {_count}");
        }

        var offset = request.Offset;
        for (var i = 0; i < _count; i++)
        {
            var wire = input.Await(_size);
            var (length, flags) = _size == 16
                ? (BinaryPrimitives.ReadUInt64BigEndian(wire), BinaryPrimitives.ReadUInt64BigEndian(wire[8..]))
                : (BinaryPrimitives.ReadUInt32BigEndian(wire), BinaryPrimitives.ReadUInt32BigEndian(wire[4..]));

            // Only the last one may reach beyond the end of the range.
            if (length == 0 || offset >= request.Offset + request.Length || length > long.MaxValue - (ulong)offset)
            {
                throw new NbdConnectionException($"the server sent an extent of {length} bytes at {offset}");
            }

            extents?.Add(offset, (long)length, (ExtentFlags)flags & KnownFlags);
            offset += (long)length;
        }
    }
}

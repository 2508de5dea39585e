using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Writes the reply to a request in the form that the client has asked for.</summary>
internal sealed class ReplyEncoder(HeaderForm headers, uint allocationContext)
{
    /// <summary>Where an extent that is too long for one descriptor is cut: a multiple of every block size.</summary>
    private const uint LongestDescriptor = uint.MaxValue - (uint)BlockSize.LargestMinimum + 1;

    private readonly ChunkForm _chunks = new(headers);
    private readonly SparseReadEncoder _sparse = new(headers);

    /// <summary>Queues the reply; the request's data is not copied and must stay until it is sent.</summary>
    public void Write(Request request, GatherWriter output)
    {
        if (request.Error != NbdError.None)
        {
            WriteFailure(request, output);
            return;
        }

        switch (request.Header.Command)
        {
            case Command.Read:
                WriteRead(request, output);
                break;
            case Command.BlockStatus when headers == HeaderForm.Extended:
                WriteExtendedBlockStatus(request, output);
                break;
            case Command.BlockStatus:
                WriteBlockStatus(request, output);
                break;
            default:
                WriteSuccess(request, output);
                break;
        }
    }

    /// <summary>How many bytes of a read's reply are not headers.</summary>
    public int PayloadOnWire(Request request)
        => request.Pieces.Length > 0 && _sparse.MayFragment(request.Header) ? request.Pieces.LentLength : request.PayloadLength;

    private static void WriteSimple(NbdError error, ulong cookie, GatherWriter output)
    {
        new SimpleReplyHeader(error, cookie).Write(output.GetSpan(SimpleReplyHeader.Size));
        output.Advance(SimpleReplyHeader.Size);
    }

    // With extended headers there are no simple replies; with structured ones they are shorter.
    private void WriteSuccess(Request request, GatherWriter output)
    {
        if (headers != HeaderForm.Extended)
        {
            WriteSimple(NbdError.None, request.Header.Cookie, output);
            return;
        }

        _chunks.WriteHeader(output.GetSpan(_chunks.HeaderSize), request.Header, ReplyChunkType.None, 0);
        output.Advance(_chunks.HeaderSize);
    }

    private void WriteRead(Request request, GatherWriter output)
    {
        var pieces = request.Pieces;
        if (pieces.Length > 0 && _sparse.MayFragment(request.Header))
        {
            _sparse.WriteChunks(request.Header, pieces, output);
            return;
        }

        if (headers == HeaderForm.Simple)
        {
            WriteSimple(NbdError.None, request.Header.Cookie, output);
        }
        else
        {
            _sparse.WriteDataHeader(request.Header, request.Header.Offset, request.PayloadLength, isDone: true, output);
        }

        if (request.Piped > 0)
        {
            output.AppendPiped(request.Piped);
            return;
        }

        output.Append(request.Data.Span);
        output.AppendLent(request.Lent);
        SparseReadEncoder.Append(pieces.Pieces, output);
    }

    private void WriteFailure(Request request, GatherWriter output)
    {
        if (headers == HeaderForm.Simple)
        {
            WriteSimple(request.Error, request.Header.Cookie, output);
            return;
        }

        // What could be read comes first, then where it ended ("NBD_REPLY_TYPE_ERROR_OFFSET").
        var failedAt = _sparse.MayFragment(request.Header) ? request.FailedAt : null;
        if (failedAt - request.Range.Offset is { } count and > 0)
        {
            _sparse.WriteDataHeader(request.Header, request.Header.Offset, (int)count, isDone: false, output);
            output.Append(request.Data.Span[..(int)count]);
        }

        var text = WireText.Encode(request.ErrorText ?? "");
        var length = 6 + text.Length + (failedAt is null ? 0 : 8);
        var wire = output.GetSpan(_chunks.HeaderSize + length);
        _chunks.WriteHeader(wire, request.Header, failedAt is null ? ReplyChunkType.Error : ReplyChunkType.ErrorOffset, length);
        var payload = wire[_chunks.HeaderSize..];
        BinaryPrimitives.WriteUInt32BigEndian(payload, (uint)request.Error);
        BinaryPrimitives.WriteUInt16BigEndian(payload[4..], (ushort)text.Length);
        text.CopyTo(payload[6..]);
        if (failedAt is { } offset)
        {
            BinaryPrimitives.WriteUInt64BigEndian(payload[(6 + text.Length)..], (ulong)offset);
        }

        output.Advance(_chunks.HeaderSize + length);
    }

    private void WriteBlockStatus(Request request, GatherWriter output)
    {
        const int contextSize = 4;
        var isSingle = (request.Header.Flags & CommandFlags.ReqOne) != 0;
        var extents = request.Extents!.Extents;
        var wire = output.GetSpan(_chunks.HeaderSize + contextSize + (extents.Length * BlockDescriptor.Size));
        var position = _chunks.HeaderSize + contextSize;
        foreach (var extent in extents)
        {
            // With REQ_ONE the one descriptor ends within the request; otherwise the last one may reach beyond.
            var length = isSingle ? Math.Min(extent.Length, request.Range.Length) : extent.Length;
            new BlockDescriptor((uint)Math.Min(length, LongestDescriptor), extent.Flags).Write(wire[position..]);
            position += BlockDescriptor.Size;
            if (isSingle || length > LongestDescriptor)
            {
                break;
            }
        }

        _chunks.WriteHeader(wire, request.Header, ReplyChunkType.BlockStatus, position - _chunks.HeaderSize);
        BinaryPrimitives.WriteUInt32BigEndian(wire[_chunks.HeaderSize..], allocationContext);
        output.Advance(position);
    }

    /// <summary>The context's id, the number of descriptors, the descriptors: the form that holds an extent of any length.</summary>
    private void WriteExtendedBlockStatus(Request request, GatherWriter output)
    {
        const int contextSize = 8;
        var isSingle = (request.Header.Flags & CommandFlags.ReqOne) != 0;
        var extents = isSingle ? request.Extents!.Extents[..1] : request.Extents!.Extents;
        var length = contextSize + (extents.Length * ExtendedBlockDescriptor.Size);
        var wire = output.GetSpan(_chunks.HeaderSize + length);
        _chunks.WriteHeader(wire, request.Header, ReplyChunkType.BlockStatusExt, length);
        var payload = wire[_chunks.HeaderSize..];
        BinaryPrimitives.WriteUInt32BigEndian(payload, allocationContext);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)extents.Length);
        payload = payload[contextSize..];
        foreach (var extent in extents)
        {
            var covered = isSingle ? Math.Min(extent.Length, request.Range.Length) : extent.Length;
            new ExtendedBlockDescriptor((ulong)covered, extent.Flags).Write(payload);
            payload = payload[ExtendedBlockDescriptor.Size..];
        }

        output.Advance(_chunks.HeaderSize + length);
    }
}

using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>Writes the reply to a request: simple, or structured once the client has asked for that.</summary>
internal sealed class ReplyEncoder(bool isStructured, uint allocationContext)
{
    private const int OffsetSize = 8;

    /// <summary>Where an extent that is too long for one descriptor is cut: a multiple of every block size.</summary>
    private const uint LongestDescriptor = uint.MaxValue - (uint)BlockSize.LargestMinimum + 1;

    /// <summary>Queues the reply; the request's data is not copied and must stay until it is sent.</summary>
    public void Write(Request request, GatherWriter output)
    {
        if (request.Error != NbdError.None && isStructured)
        {
            WriteError(request, output);
            return;
        }

        switch (request.Header.Command)
        {
            case Command.Read when request.Error == NbdError.None:
                WriteRead(request, output);
                break;
            case Command.BlockStatus when request.Error == NbdError.None:
                WriteBlockStatus(request, output);
                break;
            default:
                WriteSimple(request.Error, request.Header.Cookie, output);
                break;
        }
    }

    private static void WriteSimple(NbdError error, ulong cookie, GatherWriter output)
    {
        new SimpleReplyHeader(error, cookie).Write(output.GetSpan(SimpleReplyHeader.Size));
        output.Advance(SimpleReplyHeader.Size);
    }

    private unsafe void WriteRead(Request request, GatherWriter output)
    {
        if (isStructured)
        {
            WriteOffsetDataHeader(request, output);
        }
        else
        {
            WriteSimple(NbdError.None, request.Header.Cookie, output);
        }

        output.Append(request.Data.Span);
        output.Append(new ReadOnlySpan<byte>((void*)request.Lent.Address, request.Lent.Length));
    }

    private static void WriteOffsetDataHeader(Request request, GatherWriter output)
    {
        const int size = StructuredReplyHeader.Size + OffsetSize;
        var wire = output.GetSpan(size);
        var length = (uint)(OffsetSize + request.PayloadLength);
        new StructuredReplyHeader(IsDone: true, ReplyChunkType.OffsetData, request.Header.Cookie, length).Write(wire);
        BinaryPrimitives.WriteUInt64BigEndian(wire[StructuredReplyHeader.Size..], request.Header.Offset);
        output.Advance(size);
    }

    private static void WriteError(Request request, GatherWriter output)
    {
        var text = WireText.Encode(request.ErrorText ?? "");
        var length = 6 + text.Length;
        var wire = output.GetSpan(StructuredReplyHeader.Size + length);
        new StructuredReplyHeader(IsDone: true, ReplyChunkType.Error, request.Header.Cookie, (uint)length).Write(wire);
        BinaryPrimitives.WriteUInt32BigEndian(wire[20..], (uint)request.Error);
        BinaryPrimitives.WriteUInt16BigEndian(wire[24..], (ushort)text.Length);
        text.CopyTo(wire[26..]);
        output.Advance(StructuredReplyHeader.Size + length);
    }

    private void WriteBlockStatus(Request request, GatherWriter output)
    {
        const int contextSize = 4;
        var isSingle = (request.Header.Flags & CommandFlags.ReqOne) != 0;
        var extents = request.Extents!.Extents;
        var wire = output.GetSpan(StructuredReplyHeader.Size + contextSize + (extents.Length * BlockDescriptor.Size));
        var position = StructuredReplyHeader.Size + contextSize;
        foreach (var extent in extents)
        {
            // With REQ_ONE the one descriptor ends within the request; otherwise the last one may reach beyond.
            var length = isSingle ? Math.Min(extent.Length, request.Header.Length) : extent.Length;
            new BlockDescriptor((uint)Math.Min(length, LongestDescriptor), extent.Flags).Write(wire[position..]);
            position += BlockDescriptor.Size;
            if (isSingle || length > LongestDescriptor)
            {
                break;
            }
        }

        var payload = position - StructuredReplyHeader.Size;
        new StructuredReplyHeader(IsDone: true, ReplyChunkType.BlockStatus, request.Header.Cookie, (uint)payload).Write(wire);
        BinaryPrimitives.WriteUInt32BigEndian(wire[StructuredReplyHeader.Size..], allocationContext);
        output.Advance(position);
    }
}

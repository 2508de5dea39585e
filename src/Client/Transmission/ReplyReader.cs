using System.Buffers.Binary;
using SharpNbd.Abstractions;

namespace SharpNbd.Client;

/// <summary>
/// Reads replies, on one thread, and completes the requests that they belong to. A server is not trusted: whatever does not fit the
/// request or itself ends the connection with one line that says what it was.
/// </summary>
internal sealed class ReplyReader(ClientWire wire, HeaderForm form, uint context, ClientConnection connection)
{
    private const int OffsetSize = 8;
    private const int HoleSize = OffsetSize + 4;
    private const int ErrorSize = 6;
    private const int LongestErrorText = ushort.MaxValue;

    private readonly ReplyBuffer _input = new(wire, connection);
    private readonly ExtentReader _extents = new(context);

    /// <summary>Reads until the connection ends, which is always an exception.</summary>
    /// <exception cref="IOException">The connection has ended.</exception>
    public void Run()
    {
        try
        {
            while (_input.Ensure(ReplyHeader.SimpleSize))
            {
                var size = ReplyHeader.SizeOf(_input.Peek(ReplyHeader.SimpleSize), form);
                TakeReply(ReplyHeader.Parse(_input.Await(size)));
            }
        }
        finally
        {
            CompletionBatch.End();
        }

        throw new NbdConnectionException("the server closed the connection");
    }

    private void TakeReply(in ReplyHeader header)
    {
        var request = connection.Find(header.Cookie);
        if (header.Offset is { } offset && offset != request.Offset)
        {
            throw Wrong(request, $"is for the offset {offset}");
        }

        if (header.IsSimple)
        {
            TakeSimple(request, header.Error);
        }
        else
        {
            TakeChunk(request, header);
            if (!header.IsDone)
            {
                return;
            }
        }

        CheckComplete(request);
        request.Answer();
    }

    private void TakeSimple(PendingRequest request, uint error)
    {
        if (request.Command is Command.Read or Command.BlockStatus && form != HeaderForm.Simple)
        {
            throw Wrong(request, "is a simple one, though structured replies were agreed on");
        }

        if (error != 0)
        {
            SetError(request, error, default);
        }
        else if (request.Command == Command.Read)
        {
            TakeData(request, 0, request.Length);
        }
    }

    private void TakeChunk(PendingRequest request, in ReplyHeader header)
    {
        switch (header.Type)
        {
            case ChunkType.None when header.Length == 0 && header.IsDone:
                break;
            case ChunkType.OffsetData when request.Command == Command.Read && header.Length > OffsetSize:
                TakeData(request, TakeOffset(request, header.Length - OffsetSize), header.Length - OffsetSize);
                break;
            case ChunkType.OffsetHole when request.Command == Command.Read && header.Length == HoleSize:
                TakeHole(request);
                break;
            case ChunkType.BlockStatus when request.Command == Command.BlockStatus && form == HeaderForm.Structured && !request.HasExtents:
                TakeExtents(request, header.Length, isExtended: false);
                break;
            case ChunkType.BlockStatusExtended when request.Command == Command.BlockStatus && form == HeaderForm.Extended && !request.HasExtents:
                TakeExtents(request, header.Length, isExtended: true);
                break;
            case var type when (type & ChunkType.ErrorBit) != 0 && header.Length is >= ErrorSize and <= ErrorSize + OffsetSize + LongestErrorText:
                TakeError(request, type, (int)header.Length);
                break;
            case var type:
                throw Wrong(request, $"has a chunk of the type {(int)type} with {header.Length} bytes{(header.IsDone ? "" : " and more to come")}");
        }
    }

    /// <summary>The offset of a chunk within the read; all of the chunk lies inside.</summary>
    private long TakeOffset(PendingRequest request, long length)
    {
        var offset = BinaryPrimitives.ReadUInt64BigEndian(_input.Await(OffsetSize));
        return IsInside(request, offset, length) ? (long)offset - request.Offset : throw Wrong(request, $"has {length} bytes for the offset {offset}");
    }

    // Without signs: what lies in front of the request is far behind it then.
    private static bool IsInside(PendingRequest request, ulong offset, long length)
        => length <= request.Length && offset - (ulong)request.Offset <= (ulong)(request.Length - length);

    private void TakeData(PendingRequest request, long position, long length)
    {
        request.Coverage.Add(position, length);
        if (!request.TryBeginReceiving())
        {
            _input.Skip(length);
            return;
        }

        _input.Read(request.Destination.Span.Slice((int)position, (int)length));
        request.EndReceiving();
    }

    private void TakeHole(PendingRequest request)
    {
        var wire = _input.Await(HoleSize);
        var offset = BinaryPrimitives.ReadUInt64BigEndian(wire);
        var length = BinaryPrimitives.ReadUInt32BigEndian(wire[OffsetSize..]);
        if (length == 0 || !IsInside(request, offset, length))
        {
            throw Wrong(request, $"has a hole of {length} bytes for the offset {offset}");
        }

        var position = (long)offset - request.Offset;
        request.Coverage.Add(position, length);
        if (request.TryBeginReceiving())
        {
            request.Destination.Span.Slice((int)position, (int)length).Clear();
            request.EndReceiving();
        }
    }

    private void TakeExtents(PendingRequest request, long length, bool isExtended)
    {
        _extents.Begin(request, length, isExtended);
        request.HasExtents = true;
        var isWanted = request.TryBeginReceiving();
        _extents.Read(request, _input, isWanted ? request.Extents : null);
        if (isWanted)
        {
            request.EndReceiving();
        }
    }

    private void TakeError(PendingRequest request, ChunkType type, int length)
    {
        var head = _input.Await(ErrorSize);
        var error = BinaryPrimitives.ReadUInt32BigEndian(head);
        int textLength = BinaryPrimitives.ReadUInt16BigEndian(head[4..]);
        var tail = type == ChunkType.ErrorOffset ? OffsetSize : 0;
        var isKnown = type is ChunkType.Error or ChunkType.ErrorOffset;
        if (error == 0 || ErrorSize + textLength + tail > length || (isKnown && ErrorSize + textLength + tail != length))
        {
            throw Wrong(request, $"has an error chunk of {length} bytes with the error {error} and {textLength} bytes of text");
        }

        var rest = _input.Await(length - ErrorSize);
        SetError(request, error, rest[..textLength]);
        if (tail == 0)
        {
            return;
        }

        // Of a read, the bytes in front of the failure may be there.
        var offset = BinaryPrimitives.ReadUInt64BigEndian(rest[textLength..]);
        if (offset < (ulong)request.Offset || offset - (ulong)request.Offset >= (ulong)Math.Max(1, request.Length))
        {
            throw Wrong(request, $"has an error for the offset {offset}");
        }

        if (request is { Command: Command.Read, Error: NbdException { FailedAt: null } e } && request.Coverage.Prefix >= (long)offset - request.Offset)
        {
            request.Error = new NbdException(e.Error, e.Message) { FailedAt = (long)offset };
        }
    }

    private static void SetError(PendingRequest request, uint error, ReadOnlySpan<byte> text)
    {
        if (request.Error is null)
        {
            var number = ReplyHeader.ErrorOf(error);
            request.Error = new NbdException(number, text.IsEmpty ? $"the server answered with {number}" : WireText.Printable(text));
        }
    }

    private static void CheckComplete(PendingRequest request)
    {
        if (request.Error is not null)
        {
            return;
        }

        if (request.Command == Command.Read && request.Coverage.Prefix != request.Length)
        {
            throw Wrong(request, "lacks some of the bytes");
        }

        if (request.Command == Command.BlockStatus && !request.HasExtents)
        {
            throw Wrong(request, "lacks the extents");
        }
    }

    private static NbdConnectionException Wrong(PendingRequest request, string what)
        => new($"the server's reply to a request ({request.Command} of {request.Length} bytes at {request.Offset}) {what}");
}

namespace SharpNbd.Server;

/// <summary>The headers of a connection's reply chunks: structured or extended.</summary>
/// <param name="headers">What was agreed on.</param>
internal readonly struct ChunkForm(HeaderForm headers)
{
    private readonly bool _isExtended = headers == HeaderForm.Extended;

    public int HeaderSize => _isExtended ? ExtendedReplyHeader.Size : StructuredReplyHeader.Size;

    /// <summary>Writes the header of a chunk.</summary>
    /// <param name="wire">Where it goes.</param>
    /// <param name="request">What the chunk answers.</param>
    /// <param name="type">What it holds.</param>
    /// <param name="length">How many bytes follow the header.</param>
    /// <param name="isDone">The last one of the reply.</param>
    public void WriteHeader(Span<byte> wire, in RequestHeader request, ReplyChunkType type, int length, bool isDone = true)
    {
        if (_isExtended)
        {
            new ExtendedReplyHeader(isDone, type, request.Cookie, request.Offset, (ulong)length).Write(wire);
        }
        else
        {
            new StructuredReplyHeader(isDone, type, request.Cookie, (uint)length).Write(wire);
        }
    }
}

namespace SharpNbd.Server;

/// <summary>The form of a connection's requests: how long a header is, and what may follow it.</summary>
/// <param name="headers">What was agreed on.</param>
/// <param name="longestPayload">The longest payload that the client may send, as it was told.</param>
internal sealed class RequestForm(HeaderForm headers, ulong longestPayload)
{
    private readonly bool _isExtended = headers == HeaderForm.Extended;

    public int HeaderSize => _isExtended ? ExtendedRequestHeader.Size : RequestHeader.Size;

    /// <summary>Reads a header.</summary>
    /// <exception cref="ProtocolViolationException">Where the next request begins cannot be known, or is too far away.</exception>
    public RequestHeader Parse(ReadOnlySpan<byte> wire)
    {
        if (!_isExtended)
        {
            return RequestHeader.Parse(wire);
        }

        var header = ExtendedRequestHeader.Parse(wire);
        if (header.PayloadLength > longestPayload)
        {
            throw new ProtocolViolationException($"a payload of {header.PayloadLength} bytes, at most {longestPayload} may be sent");
        }

        // Its data, if it sends any, would be taken for requests, and data may come from somebody whom the client does not trust.
        if (header.Command == Command.Write && (header.Flags & CommandFlags.PayloadLen) == 0)
        {
            throw new ProtocolViolationException("a write without the PAYLOAD_LEN flag, so that it is unknown whether data follows");
        }

        return header;
    }
}

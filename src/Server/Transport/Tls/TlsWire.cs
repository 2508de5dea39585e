namespace SharpNbd.Server;

/// <summary>
/// What a TLS library sees of the connection beneath it. It reads by blocking the calling thread. What it writes is
/// only queued, for whoever writes decides when to send and whether to wait; so a library that writes while it reads never
/// waits for a peer either.
/// </summary>
/// <param name="input">What the peer sends.</param>
/// <param name="output">What the peer gets.</param>
internal sealed class TlsWire(WireInput input, GatherWriter output) : SynchronousStream
{
    private readonly Lock _writing = new();
    private bool _isHandshake = true;

    /// <summary>The handshake is over: reading sends nothing any more.</summary>
    public void EndHandshake()
    {
        Send(wait: true);
        _isHandshake = false;
    }

    /// <summary>Makes room for so many bytes in one piece, so that writing them allocates nothing.</summary>
    public void Reserve(int count)
    {
        lock (_writing)
        {
            output.GetSpan(count);
        }
    }

    /// <summary>Sends what is queued, as <see cref="GatherWriter.Flush"/>.</summary>
    public bool Send(bool wait)
    {
        lock (_writing)
        {
            return output.Flush(wait);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (_isHandshake)
        {
            Send(wait: true);
        }

        return input.ReadSome(buffer);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_writing)
        {
            buffer.CopyTo(output.GetSpan(buffer.Length));
            output.Advance(buffer.Length);
        }
    }
}

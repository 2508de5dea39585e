namespace SharpNbd.Server;

/// <summary>
/// What a TLS session sees of the connection beneath it. Nothing but <see cref="Wait"/> and <see cref="Send"/> waits for the peer: what is
/// written and does not fit is queued, for whoever writes decides when to send and whether to wait.
/// </summary>
/// <param name="input">What the peer sends.</param>
/// <param name="output">What the peer gets.</param>
internal sealed class TlsWire(WireInput input, GatherWriter output)
{
    /// <summary>How much may be queued of answers to what the peer sends (alerts, KeyUpdate), which it has to read some day.</summary>
    private const int MostAnswers = 64 * 1024;

    private readonly Lock _writing = new();
    private bool _isHandshake = true;
    private int _queuedAnswers;

    /// <summary>Whether what is written now is not the last of what is sent together.</summary>
    public bool IsMoreToCome { get; set; }

    /// <summary>The handshake is over: from now on records are sent as they come.</summary>
    public void EndHandshake()
    {
        Send(wait: true);
        _isHandshake = false;
    }

    /// <summary>Makes room for so many bytes in one piece, so that queueing them allocates nothing.</summary>
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
            var isSent = output.Flush(wait);
            _queuedAnswers = isSent ? 0 : _queuedAnswers;
            return isSent;
        }
    }

    /// <summary>Waits until something has arrived; false when nothing will. Only for the thread that reads.</summary>
    public bool Wait() => input.WaitFor(1);

    /// <summary>Takes what has arrived, which may be nothing. Only for the thread that reads.</summary>
    public int ReadArrived(Span<byte> buffer) => input.TakeArrived(buffer);

    /// <summary>Sends a record from where it lies, and queues a copy of what does not fit.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isAnswer">Nobody but the peer has asked for it.</param>
    /// <exception cref="IOException">The peer is gone, or sends what has to be answered and does not read the answers.</exception>
    public void Write(ReadOnlySpan<byte> record, bool isAnswer = false)
    {
        lock (_writing)
        {
            var rest = _isHandshake ? record : record[output.TrySend(record, IsMoreToCome)..];
            if (rest.IsEmpty)
            {
                return;
            }

            if (isAnswer && !_isHandshake && (_queuedAnswers += rest.Length) > MostAnswers)
            {
                throw new IOException("the peer does not read the answers to what it sends");
            }

            rest.CopyTo(output.GetSpan(rest.Length));
            output.Advance(rest.Length);
        }
    }
}

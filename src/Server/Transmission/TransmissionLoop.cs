using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// The transmission phase of one connection, on the connection's own thread: takes requests as they arrive, checks them, takes
/// their payload and hands them to the disk; sends the replies when no complete request is left.
/// </summary>
internal sealed class TransmissionLoop(
    WireInput input, RequestForm form, RequestGuard guard, Dispatcher dispatcher, ReplySender replies, RequestPool pool, InFlightGate gate, ILogger logger)
{
    private const string NoMemory = "no memory for the payload";

    /// <summary>How many writes are copied behind one that the disk did not complete at once.</summary>
    private const int CopiesBehindPending = 256;

    private volatile bool _isStopping;
    private int _copiesLeft;
    private bool _hasRefused;

    /// <summary>Who is at the other end, for the log.</summary>
    public string Peer { get; init; } = "unknown";

    /// <summary>Makes every request from now on fail with ESHUTDOWN. From any thread.</summary>
    public void RefuseRequests() => _isStopping = true;

    /// <summary>Serves until the client leaves; everything it asked for is answered when this returns.</summary>
    /// <exception cref="ProtocolViolationException">The client broke the protocol.</exception>
    public TransmissionEnd Run()
    {
        try
        {
            while (WaitFor(form.HeaderSize))
            {
                var header = form.Parse(input.Peek(form.HeaderSize));
                input.Consume(form.HeaderSize);
                if (header.Command == Command.Disc)
                {
                    return TransmissionEnd.Disconnected;
                }

                if (!Serve(header))
                {
                    return TransmissionEnd.CutOff;
                }
            }

            return TransmissionEnd.PeerGone;
        }
        finally
        {
            // Also in front of a violation: what came before it is answered.
            replies.Flush();
        }
    }

    /// <summary>Serves one request.</summary>
    /// <returns>False when the stream ended within it.</returns>
    private bool Serve(RequestHeader header)
    {
        MakeRoom(header);
        if (header.Command == Command.BlockStatus && header.PayloadLength > 0 && !TakeContexts(ref header))
        {
            return CutOff(header);
        }

        var error = guard.Check(header, out var problem);
        if (_isStopping)
        {
            (error, problem) = (NbdError.ESHUTDOWN, "the server is shutting down");
        }

        var request = pool.Take(dispatcher);
        request.Begin(header);
        return error != NbdError.None ? Refuse(request, error, problem)
            : header.Command switch
            {
                Command.Read => Read(request),
                Command.Write => Write(request),
                _ => Run(request),
            };
    }

    private bool Run(Request request)
    {
        dispatcher.Run(request);
        return true;
    }

    private bool Read(Request request)
        => replies.IsBroken ? LeaveUndone(request)
            : dispatcher.TryLend(request) || dispatcher.TryLendPieces(request) || dispatcher.TrySplice(request)
                || (TryGiveBuffer(request) ? Run(request) : Refuse(request, NbdError.ENOMEM, NoMemory));

    // What a client that is gone had asked for would take time and memory from those that are there. Its writes have arrived, and are done.
    private bool LeaveUndone(Request request)
    {
        request.Fail(NbdError.ESHUTDOWN, "the client is gone");
        replies.Add(request);
        return true;
    }

    private bool Write(Request request)
    {
        var length = (int)request.Header.Length;
        if (length < Limits.DirectPayload && input.CanLend && _copiesLeft == 0)
        {
            return WaitFor(length) ? WriteInPlace(request, length) : CutOff(request);
        }

        if (!TryGiveBuffer(request))
        {
            return Refuse(request, NbdError.ENOMEM, NoMemory);
        }

        if (!ReadPayload(request))
        {
            return CutOff(request);
        }

        // While writes stay pending, each one in place would cost a receive buffer.
        _copiesLeft = dispatcher.Run(request) ? Math.Max(0, _copiesLeft - 1) : CopiesBehindPending;
        return true;
    }

    /// <summary>
    /// Writes a short payload from where it was received. A disk that does not complete the write at once keeps that memory;
    /// it probably will not complete the next ones either, which then are copied.
    /// </summary>
    private bool WriteInPlace(Request request, int length)
    {
        request.Data = input.Lend(length);
        if (!dispatcher.Run(request))
        {
            input.KeepLent();
            _copiesLeft = CopiesBehindPending;
        }

        return true;
    }

    /// <summary>
    /// Takes the payload of a block status request which says what it wants to know. One that is right leaves the request as if it
    /// had no payload; any other is left to be refused and skipped.
    /// </summary>
    /// <returns>False when the stream ended within it.</returns>
    private bool TakeContexts(ref RequestHeader header)
    {
        var length = (int)Math.Min(header.PayloadLength, BlockStatusPayload.LongestSize);
        if (!WaitFor(length))
        {
            return false;
        }

        if (header.PayloadLength == (ulong)length && guard.TryGetContexts(input.Peek(length), out var effect))
        {
            input.Consume(length);
            header = header with { Flags = header.Flags & ~CommandFlags.PayloadLen, Length = effect, PayloadLength = 0 };
        }

        return true;
    }

    private bool CutOff(Request request)
    {
        var header = request.Header;
        pool.Return(request);
        return CutOff(header);
    }

    private bool CutOff(in RequestHeader header)
    {
        logger.CutRequest(header.Command, header.Offset, header.Length);
        return false;
    }

    private bool Refuse(Request request, NbdError error, string problem)
    {
        var header = request.Header;
        if (header.PayloadLength > 0 && !SkipPayload(header))
        {
            return CutOff(request);
        }

        // One line tells of a client that breaks the rules; one that goes on must not fill the log.
        var isNews = !_hasRefused && error != NbdError.ESHUTDOWN;
        _hasRefused |= isNews;
        var level = isNews ? LogLevel.Information : LogLevel.Debug;
        logger.RefusedRequest(level, header.Command, header.Offset, header.Length, Peer, error, problem);
        request.Fail(error, problem);
        replies.Add(request);
        return true;
    }

    /// <summary>Waits for bytes; sends what is queued before it really waits.</summary>
    private bool WaitFor(int count)
    {
        if (input.Has(count))
        {
            return true;
        }

        replies.Flush();
        return input.WaitFor(count);
    }

    // A short payload is waited for together with the requests behind it; a long one goes straight to its place.
    private bool ReadPayload(Request request)
    {
        var length = request.Data.Length;
        if (length >= Limits.DirectPayload)
        {
            if (!input.Has(length))
            {
                replies.Flush();
            }

            return input.Read(request.Data.Span);
        }

        if (!WaitFor(length))
        {
            return false;
        }

        input.Peek(length).CopyTo(request.Data.Span);
        input.Consume(length);
        return true;
    }

    /// <exception cref="ProtocolViolationException">It is too long to be worth it.</exception>
    private bool SkipPayload(in RequestHeader header)
    {
        replies.Flush();
        return header.PayloadLength <= Limits.MaximumSkippedPayload
            ? input.Skip((long)header.PayloadLength)
            : throw new ProtocolViolationException($"a write of {header.PayloadLength} bytes");
    }

    /// <summary>Gets memory for a payload; before it waits for some, it sends what its own replies hold.</summary>
    private bool TryGiveBuffer(Request request)
    {
        var length = (int)request.Header.Length;
        if (pool.TryGiveBuffer(request, length, TimeSpan.Zero))
        {
            return true;
        }

        replies.Flush();
        return pool.TryGiveBuffer(request, length, Limits.MemoryWait);
    }

    /// <summary>Waits, with everything sent, while the connection has as much in flight as it may have.</summary>
    private void MakeRoom(in RequestHeader header)
    {
        var length = header.Command is Command.Read or Command.Write ? (int)Math.Min(header.Length, Limits.MaximumPayload) : 0;
        if (!gate.HasRoom || !pool.HasRoomFor(length))
        {
            replies.Flush();
            gate.WaitForRoom(pool, length);
        }
    }
}

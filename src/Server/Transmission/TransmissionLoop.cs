using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// The transmission phase of one connection, on the connection's own thread: takes requests as they arrive, checks them, takes
/// their payload and hands them to the disk; sends the replies when no complete request is left.
/// </summary>
internal sealed class TransmissionLoop(
    WireInput input, ReceiveSpin? spin, RequestGuard guard, Dispatcher dispatcher, ReplySender replies, RequestPool pool, InFlightGate gate, ILogger logger)
{
    private volatile bool _isStopping;

    /// <summary>Makes every request from now on fail with ESHUTDOWN. From any thread.</summary>
    public void RefuseRequests() => _isStopping = true;

    /// <summary>Serves until the client leaves; everything it asked for is answered when this returns.</summary>
    /// <exception cref="ProtocolViolationException">The client broke the protocol.</exception>
    public TransmissionEnd Run()
    {
        while (true)
        {
            if (!WaitFor(RequestHeader.Size))
            {
                replies.Flush();
                return TransmissionEnd.PeerGone;
            }

            var header = RequestHeader.Parse(input.Peek(RequestHeader.Size));
            input.Consume(RequestHeader.Size);
            spin?.Count();
            if (header.Command == Command.Disc)
            {
                replies.Flush();
                return TransmissionEnd.Disconnected;
            }

            if (!Serve(header))
            {
                replies.Flush();
                return TransmissionEnd.CutOff;
            }
        }
    }

    private bool Serve(in RequestHeader header)
    {
        MakeRoom(header);
        var request = pool.Take(dispatcher);
        request.Begin(header);
        var error = guard.Check(header, out var problem);
        if (_isStopping)
        {
            (error, problem) = (NbdError.ESHUTDOWN, "the server is shutting down");
        }

        if (error == NbdError.None && header.Command == Command.Read && dispatcher.TryLend(request))
        {
            return true;
        }

        if (error == NbdError.None && header.Command is Command.Read or Command.Write && !TryGiveBuffer(request))
        {
            (error, problem) = (NbdError.ENOMEM, "no memory for the payload");
        }

        var isWhole = header.Command != Command.Write || (error == NbdError.None ? ReadPayload(request) : SkipPayload(header));
        if (!isWhole)
        {
            pool.Return(request);
            logger.CutRequest(header.Command, header.Offset, header.Length);
            return false;
        }

        if (error != NbdError.None)
        {
            logger.RefusedRequest(header.Command, header.Offset, header.Length, error, problem);
            request.Fail(error, problem);
            replies.Add(request);
            return true;
        }

        dispatcher.Run(request);
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
        return header.Length <= Limits.MaximumSkippedPayload
            ? input.Skip(header.Length)
            : throw new ProtocolViolationException($"a write of {header.Length} bytes");
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

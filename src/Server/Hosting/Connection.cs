using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// One client from its first byte to its last, on a thread of its own: handshake, transmission, end. The one place where a
/// connection's life is logged and torn down.
/// </summary>
#pragma warning disable CA1001 // Without a timer or wait handle the source holds nothing, and a late Abort may still cancel it.
internal sealed class Connection(
    Transport transport, DiskSource source, NbdServerOptions options, MemoryBudget budget, TimeProvider time, ILogger logger)
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _stopping = new();
    private TransmissionLoop? _transmission;
    private TlsTransport? _tls;
    private volatile RequestPool? _pool;
    private bool _isStopping;
    private bool _refusesRequests;

    /// <summary>What the bytes of the protocol go through. Cutting and stopping it is done on the connection beneath.</summary>
    private Transport Wire => _tls ?? transport;

    /// <summary>How long the client has let replies wait without taking a byte. From any thread.</summary>
    public TimeSpan UnreadFor => transport.UnreadFor;

    /// <summary>The memory in its requests that others could have. From any thread.</summary>
    public long Borrowed => _pool?.Borrowed ?? 0;

    /// <summary>Serves the client; returns when everything is closed. Never throws.</summary>
    public void Run()
    {
        logger.Connected(transport.Peer);
        try
        {
            Serve();
        }
        catch (ProtocolViolationException e)
        {
            logger.Violated(transport.Peer, e.Message);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // In the handshake, or the server was told to stop: nothing is lost that anybody was promised.
            logger.LeftEarly(transport.Peer);
        }
        catch (NbdException e)
        {
            logger.OpenFailed(e.Message);
        }
        catch (Exception e)
        {
            logger.ConnectionFaulted(transport.Peer, e);
        }

        CloseWire();
        logger.Closed();
    }

    /// <summary>
    /// Tells the connection to end: in the handshake at once, later behind the requests that have arrived. From any thread.
    /// </summary>
    public void Stop()
    {
        lock (_stopping)
        {
            _isStopping = true;
            if (_transmission is { } transmission)
            {
                transmission.RefuseRequests();
                transport.StopReceiving();
            }
            else
            {
                Abort();
            }
        }
    }

    /// <summary>Ends the connection at once; requests in flight are cancelled. From any thread.</summary>
    public void Abort()
    {
        transport.Abort();
        _closed.Cancel();
    }

    // What a disk or source asks for. From any thread.
    private void Disconnect(Disconnection how)
    {
        if (how == Disconnection.Now)
        {
            Abort();
            return;
        }

        lock (_stopping)
        {
            _refusesRequests = true;
            _transmission?.RefuseRequests();
        }
    }

    /// <summary>Ends the connection because its unread replies hold memory that others wait for. From any thread.</summary>
    public void Drop()
    {
        logger.LimitReached(transport.Peer, $"it left {Borrowed >> 20} MiB of replies unread for {UnreadFor.TotalSeconds:F0} seconds while others waited for memory");
        Abort();
    }

    private void Serve()
    {
        var context = ContextOf(new NegotiationState());
        NegotiationContext.Wait(source.PreconnectAsync(context.ListRequest, _closed.Token));
        try
        {
            using (var deadline = new HandshakeDeadline(time, options.HandshakeWait, transport.Abort))
            {
                var next = options.Handshake.IsOldstyle
                    ? new OldstyleHandshake(context, transport.Output, deadline).Run()
                    : NegotiatorOf(context, deadline).Run();
                if (next == NextStep.StartTls)
                {
                    StartTls(deadline);
                    context = ContextOf(context.State.BehindStartTls());
                    next = NegotiatorOf(context, deadline).TakeOptions();
                }

                if (next != NextStep.Transmission)
                {
                    return;
                }
            }

            Transmit(context.State);
        }
        finally
        {
            Close(context.State.Disk);
        }
    }

    private NegotiationContext ContextOf(NegotiationState state)
        => new(source, options.ReadOnly, Wire.Output, logger, Disconnect, _closed.Token)
        {
            State = state,
            Style = options.Handshake,
            Peer = transport.Peer,
            PeerAddress = transport.PeerAddress,
            Tls = options.TlsSupport?.Mode ?? TlsMode.Off,
            IsTls = _tls is not null,
        };

    private Negotiator NegotiatorOf(NegotiationContext context, HandshakeDeadline deadline)
        => new(Wire.Input, Wire.Output, context, deadline);

    private void StartTls(HandshakeDeadline deadline)
    {
        try
        {
            using (deadline.Waiting())
            {
                _tls = TlsTransport.Accept(transport, options.TlsSupport!.Credentials);
            }
        }
        catch (Exception e) when (e is IOException or ProtocolViolationException)
        {
            deadline.Check();
            throw;
        }

        logger.Encrypted(_tls.Description);
    }

    private void Transmit(NegotiationState state)
    {
        var export = state.Export!;
        var pool = _pool = new RequestPool(budget, _closed.Token);
        var gate = new InFlightGate(options.RequestsPerConnection);
        var encoder = new ReplyEncoder(state.Headers, MetaContextOption.AllocationId);
        using var replies = new ReplySender(state.Disk!, Wire.Output, encoder, pool, gate, Abort);
        var guard = new RequestGuard(export, state.Headers, state.HasAllocation);
        var form = new RequestForm(state.Headers, (ulong)export.BlockSize.Maximum);
        var dispatcher = new Dispatcher(state.Disk!, export, replies, gate, lends: options.RequestsPerConnection > 1, logger, _closed.Token);
        Wire.Input.HeaderSize = form.HeaderSize;
        var loop = new TransmissionLoop(Wire.Input, form, guard, dispatcher, replies, pool, gate, logger) { Peer = transport.Peer };
        if (!Begin(loop))
        {
            return;
        }

        try
        {
            var end = loop.Run();
            if (end == TransmissionEnd.PeerGone && !_isStopping)
            {
                logger.PeerGone(transport.Peer);
            }

            if (end != TransmissionEnd.Disconnected && !_isStopping)
            {
                // Nobody waits for what is in flight.
                _closed.Cancel();
            }
        }
        catch
        {
            _closed.Cancel();
            throw;
        }
        finally
        {
            gate.WaitUntilEmpty();
            pool.Free();
        }
    }

    // Over TLS there is a goodbye to be sent. Who does not take it in the time that a handshake may last is cut.
    private void CloseWire()
    {
        try
        {
            if (_tls is null)
            {
                transport.Dispose();
                return;
            }

            using var deadline = new HandshakeDeadline(time, options.HandshakeWait, transport.Abort);
            using (deadline.Waiting())
            {
                _tls.Dispose();
            }
        }
        catch (Exception e)
        {
            logger.ConnectionFaulted(transport.Peer, e);
        }
    }

    private bool Begin(TransmissionLoop loop)
    {
        lock (_stopping)
        {
            _transmission = loop;
            if (_refusesRequests)
            {
                loop.RefuseRequests();
            }

            return !_isStopping;
        }
    }

    // Before the socket: when the client sees the end, the disk is closed, and what a filter logs about it is written.
    private void Close(Disk? disk)
    {
        try
        {
            if (disk is not null)
            {
                NegotiationContext.Wait(disk.DisposeAsync());
            }
        }
        catch (Exception e)
        {
            logger.CloseFailed(e.Message);
        }
    }
}

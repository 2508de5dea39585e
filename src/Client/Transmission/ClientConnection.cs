using SharpNbd.Abstractions;

namespace SharpNbd.Client;

/// <summary>
/// The transmission phase of one connection. Any thread submits requests; whoever finds nobody sending sends for all that come meanwhile;
/// one thread receives the replies and completes the requests.
/// </summary>
internal sealed partial class ClientConnection : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ClientWire _wire;
    private readonly HeaderForm _form;
    private readonly uint _context;
    private readonly NbdClientOptions _options;
    private readonly RequestTable _table;
    private readonly StallWatch _stall;
    private bool _isEnded;
    private Exception? _death;
    private NbdConnectionException? _closing;

    /// <param name="wire">Its bytes.</param>
    /// <param name="form">The headers that were agreed on.</param>
    /// <param name="context">What the server calls <c>base:allocation</c>.</param>
    /// <param name="options">How callers go on, and what they are told.</param>
    public ClientConnection(ClientWire wire, HeaderForm form, uint context, NbdClientOptions options)
    {
        _wire = wire;
        _form = form;
        _context = context;
        _options = options;
        _table = new RequestTable(this, options.RunContinuationsInline);
        _stall = new StallWatch(IsStalled, CutStalled);
    }

    /// <summary>Why there is no connection any more; null while there is one.</summary>
    public Exception? Death => Volatile.Read(ref _death);

    /// <summary>Queues a request.</summary>
    /// <param name="command">What to do.</param>
    /// <param name="flags">How.</param>
    /// <param name="offset">Where.</param>
    /// <param name="length">How much.</param>
    /// <param name="destination">Where the bytes of a read go.</param>
    /// <param name="payload">The bytes of a write.</param>
    /// <param name="extents">Where extents go.</param>
    /// <param name="isLater">Somebody will call <see cref="Flush"/> soon: nothing is sent before.</param>
    /// <param name="cancellationToken">Cancelled when the caller does not wait any more.</param>
    public ValueTask Submit(
        Command command, CommandFlags flags, long offset, long length, Memory<byte> destination, ReadOnlyMemory<byte> payload,
        ExtentList? extents, bool isLater, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        ValueTask task;
        lock (_gate)
        {
            if ((_death ?? _closing) is { } death)
            {
                return ValueTask.FromException(death);
            }

            var request = _table.Take();
            var isCopied = payload.Length <= SendBatch.LongestCopy;
            request.Begin(command, offset, length, destination, extents, isSending: !isCopied);
            task = request.Task;
            if (cancellationToken.CanBeCanceled)
            {
                request.Watch(cancellationToken);
            }

            var hasPayload = command == Command.Write && _form == HeaderForm.Extended ? CommandFlags.PayloadLength : 0;
            Queue(new RequestHeader(flags | hasPayload, command, request.Cookie, offset, length), isCopied ? payload.Span : default);
            if (!isCopied)
            {
                _filling.Add(request, payload);
            }
        }

        if (!isLater)
        {
            Flush(wait: false);
        }

        return task;
    }

    /// <summary>Says goodbye, if there is somebody to say it to. No request can be made from now on.</summary>
    /// <returns>Whether it has left already; otherwise it soon has, and the server then closes the connection.</returns>
    public bool SayGoodbye()
    {
        lock (_gate)
        {
            if ((_death ?? _closing) is null)
            {
                Queue(new RequestHeader(CommandFlags.None, Command.Disconnect, 0, 0, 0), default);
            }

            _closing ??= new NbdConnectionException("the connection was closed");
        }

        Flush(wait: false);
        lock (_gate)
        {
            return !_isSending;
        }
    }

    /// <summary>Ends the connection behind <see cref="SayGoodbye"/>; what is in flight fails.</summary>
    public void Close() => Die(_closing!);

    /// <summary>Ends the connection at once: from now on every request fails like this. The reader fails those in flight.</summary>
    public void Die(Exception reason)
    {
        lock (_gate)
        {
            _death ??= reason;
        }

        _wire.Abort();
    }

    /// <summary>Receives replies until the connection ends. The thread is this connection's; everything is released when it returns.</summary>
    public void Run()
    {
        try
        {
            new ReplyReader(_wire, _form, _context, this).Run();
        }
        catch (NbdConnectionException e)
        {
            Lose(e);
        }
        catch (IOException e)
        {
            Lose(new NbdConnectionException($"the connection to the server was lost: {e.Message}", e));
        }
        catch (Exception e)
        {
            // Whatever it is, nobody may be left waiting.
            Lose(new NbdConnectionException($"the reply of the server could not be read: {e.Message}", e));
        }

        FailAll();
        Dispose();
    }

    /// <summary>The request that a reply belongs to.</summary>
    /// <exception cref="NbdConnectionException">There is none.</exception>
    public PendingRequest Find(ulong cookie)
        => _table.Find(cookie) ?? throw new NbdConnectionException($"the server sent a reply with the cookie 0x{cookie:x16}, which no request has");

    /// <summary>Takes a request back whose caller has the result and whose reply has come.</summary>
    public void Recycle(PendingRequest request)
    {
        request.Forget();
        lock (_gate)
        {
            _table.Return(request);
        }
    }

    /// <summary>Bytes have been received.</summary>
    public void Progress() => _stall.Progress();

    /// <summary>A request whose memory is in use was given up: if nothing moves any more, the connection is cut.</summary>
    public void WatchStall() => _stall.Begin();

    /// <summary>Releases what the connection holds; once nobody receives any more. Who is sending still does it last.</summary>
    public void Dispose()
    {
        _stall.Dispose();
        lock (_gate)
        {
            _isEnded = true;
            if (_isSending)
            {
                return;
            }
        }

        Release();
    }

    private void Lose(NbdConnectionException reason)
    {
        lock (_gate)
        {
            // The server leaves when it has heard our goodbye: nothing is lost.
            _death ??= _closing ?? _options.Lost?.Invoke(reason) ?? reason;
        }

        _wire.Abort();
    }

    private void Release()
    {
        _wire.Dispose();
        _leftover.Release();
    }

    private void FailAll()
    {
        SendBatch? unsent = null;
        List<PendingRequest> open;
        lock (_gate)
        {
            // Nothing can be added any more: there is a reason for the end.
            open = _table.Open();
            if (!_isSending)
            {
                unsent = _filling;
                _filling = new SendBatch();
            }
        }

        unsent?.Clear();
        foreach (var request in open)
        {
            request.Error = _death;
            request.Answer();
        }
    }

    private bool IsStalled()
    {
        lock (_gate)
        {
            return _table.HasStalled;
        }
    }

    private void CutStalled() => Lose(new NbdConnectionException("the server neither sends nor takes the rest of a request that was given up"));
}

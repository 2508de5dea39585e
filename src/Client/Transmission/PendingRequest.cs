using System.Threading.Tasks.Sources;
using SharpNbd.Abstractions;

namespace SharpNbd.Client;

/// <summary>
/// One request from its submission until both its reply has come and its caller has the result. Pooled by its connection; it is its own
/// task, so that a request allocates nothing.
/// </summary>
internal sealed class PendingRequest : IValueTaskSource
{
    // The caller's memory is in use while bytes are sent from or received into it: the task does not complete then.
    private const int Sending = 1;
    private const int Receiving = 2;
    private const int Answered = 4;
    private const int Cancelled = 8;
    private const int Completed = 16;
    private const int Taken = 32;

    private readonly ClientConnection _connection;
    private readonly uint _index;
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _cancellation;
    private uint _generation;
    private int _state;
    private volatile bool _isOpen;

    public PendingRequest(ClientConnection connection, uint index, bool runsContinuationsInline)
    {
        (_connection, _index) = (connection, index);
        _core.RunContinuationsAsynchronously = !runsContinuationsInline;
    }

    /// <summary>Its name on the wire: where it is in the table, and which use of that place it is.</summary>
    public ulong Cookie => ((ulong)_generation << 32) | _index;

    public Command Command { get; private set; }

    public long Offset { get; private set; }

    public long Length { get; private set; }

    /// <summary>Where the bytes of a read go.</summary>
    public Memory<byte> Destination { get; private set; }

    /// <summary>Where the extents of a block status request go.</summary>
    public ExtentList? Extents { get; private set; }

    /// <summary>What has come of a read.</summary>
    public ReadCoverage Coverage { get; } = new();

    /// <summary>An extents chunk has come.</summary>
    public bool HasExtents { get; set; }

    /// <summary>The first error of the reply.</summary>
    public Exception? Error { get; set; }

    /// <summary>It waits for its reply.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Nobody waits for it any more, but bytes are still on their way from or to its caller's memory.</summary>
    public bool IsStalled
    {
        get
        {
            var state = Volatile.Read(ref _state);
            return (state & Cancelled) != 0 && (state & (Sending | Receiving)) != 0;
        }
    }

    /// <summary>The next one in the list of those that are free.</summary>
    public PendingRequest? NextFree { get; set; }

    /// <summary>The task for the caller; its only one.</summary>
    public ValueTask Task => new(this, _core.Version);

    /// <summary>The place of a cookie in the table.</summary>
    public static uint IndexOf(ulong cookie) => (uint)cookie;

    /// <summary>Begins a use. Under the connection's lock.</summary>
    public void Begin(Command command, long offset, long length, Memory<byte> destination, ExtentList? extents, bool isSending)
    {
        _generation++;
        (Command, Offset, Length, Destination, Extents) = (command, offset, length, destination, extents);
        HasExtents = false;
        Error = null;
        if (command == Command.Read)
        {
            Coverage.Reset();
        }

        // Last: the reader may look at it from now on.
        _state = isSending ? Sending : 0;
        _isOpen = true;
    }

    /// <summary>Watches a token.</summary>
    public void Watch(CancellationToken cancellationToken)
        => _cancellation = cancellationToken.UnsafeRegister(static request => ((PendingRequest)request!).Cancel(), this);

    /// <summary>The payload has left, or never will: the caller's memory is free again, as far as that is concerned.</summary>
    public void EndSending() => Complete(Interlocked.And(ref _state, ~Sending) & ~Sending);

    /// <summary>Bytes are about to be received into the caller's memory.</summary>
    /// <returns>False when the caller does not wait for them any more and has its memory back.</returns>
    public bool TryBeginReceiving()
    {
        var before = Interlocked.Or(ref _state, Receiving);
        if ((before & Completed) == 0)
        {
            return true;
        }

        Interlocked.And(ref _state, ~Receiving);
        return false;
    }

    /// <summary>The bytes of a chunk are there, and others are to come.</summary>
    public void EndReceiving() => Complete(Interlocked.And(ref _state, ~Receiving) & ~Receiving);

    /// <summary>The whole reply has come, or none will. Behind this the request may be in use again.</summary>
    public void Answer()
    {
        _isOpen = false;
        int before, after;
        do
        {
            before = Volatile.Read(ref _state);
            after = (before | Answered) & ~Receiving;
        }
        while (Interlocked.CompareExchange(ref _state, after, before) != before);

        if ((before & Completed) == 0)
        {
            Complete(after);
        }
        else if ((before & Taken) != 0)
        {
            _connection.Recycle(this);
        }
    }

    /// <inheritdoc/>
    public void GetResult(short token)
    {
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("the result of a request is asked for before it is there");
        }

        try
        {
            _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            if ((Interlocked.Or(ref _state, Taken) & Answered) != 0)
            {
                _connection.Recycle(this);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Gives up what it refers to; it is free.</summary>
    public void Forget() => (Destination, Extents, Error) = (default, null, null);

    // A caller who no longer waits gets its memory back at once, unless bytes are on their way from or to it.
    private void Cancel()
    {
        var state = Interlocked.Or(ref _state, Cancelled) | Cancelled;
        Complete(state);
        if ((state & (Sending | Receiving)) != 0)
        {
            _connection.WatchStall();
        }
    }

    private void Complete(int state)
    {
        while ((state & (Answered | Cancelled)) != 0 && (state & (Sending | Receiving | Completed)) == 0)
        {
            var before = Interlocked.CompareExchange(ref _state, state | Completed, state);
            if (before == state)
            {
                Signal((state & Answered) != 0);
                return;
            }

            state = before;
        }
    }

    private void Signal(bool isAnswered)
    {
        var token = _cancellation.Token;
        _cancellation.Dispose();
        _cancellation = default;
        var error = isAnswered ? Error : new OperationCanceledException(token);
        if (error is null)
        {
            _core.SetResult(true);
        }
        else
        {
            _core.SetException(error);
        }
    }
}

using System.Runtime.CompilerServices;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>One request on its way through the server, from its header to its reply. Pooled by its connection.</summary>
internal sealed class Request
{
    private readonly Dispatcher _dispatcher;
    private readonly Action _completed;
    private ExtentList? _rounded;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _awaiter;

    public Request(Dispatcher dispatcher)
    {
        _dispatcher = dispatcher;
        _completed = OnCompleted;
    }

    /// <summary>What the client asked for.</summary>
    public RequestHeader Header { get; private set; }

    /// <summary>The memory for the payload, kept between requests; at least <see cref="Data"/>.</summary>
    public NativeBuffer? Buffer { get; set; }

    /// <summary>The payload: what is to be written, or what was read.</summary>
    public Memory<byte> Data { get; set; }

    /// <summary>What was read, where the disk lends it; <see cref="Data"/> is empty then.</summary>
    public LentMemory Lent { get; set; }

    /// <summary>What was read, where the disk answers in pieces; otherwise empty.</summary>
    public LentPieces Pieces { get; } = new();

    /// <summary>How many bytes were put into the connection's pipe instead.</summary>
    public int Piped { get; set; }

    /// <summary>What was found of a block status request.</summary>
    public ExtentList? Extents { get; private set; }

    /// <summary>Where a read failed that has its bytes up to there; null where that is not known.</summary>
    public long? FailedAt { get; set; }

    /// <summary>How it ended.</summary>
    public NbdError Error { get; private set; }

    /// <summary>Why it failed, for a human.</summary>
    public string? ErrorText { get; private set; }

    /// <summary>The disk did not answer at once: the request holds one of the connection's places until its reply is sent.</summary>
    public bool IsInFlight { get; private set; }

    /// <summary>The next one in whatever list it is in.</summary>
    public Request? Next { get; set; }

    /// <summary>The bytes of the reply's payload.</summary>
    public int PayloadLength => Data.Length + Lent.Length + Pieces.Length + Piped;

    public ByteRange Range => new((long)Header.Offset, (long)Header.Length);

    public void Begin(in RequestHeader header)
    {
        Header = header;
        Data = default;
        Lent = default;
        Piped = 0;
        if (Pieces.Length > 0)
        {
            Pieces.Clear();
        }

        Error = NbdError.None;
        ErrorText = null;
        FailedAt = null;
        IsInFlight = false;
    }

    /// <summary>The list for a block status request's extents, empty.</summary>
    public ExtentList BeginExtents()
    {
        var firstOnly = (Header.Flags & CommandFlags.ReqOne) != 0;
        if (Extents is { } extents)
        {
            extents.Reset(Range, firstOnly);
            return extents;
        }

        return Extents = new ExtentList(Range, firstOnly);
    }

    /// <summary>Shows the extents in whole blocks.</summary>
    public void RoundExtents(long block, long size)
    {
        var rounded = _rounded ??= new ExtentList(Range);
        rounded.Reset(Range, firstOnly: false);
        BlockExtents.Round(Extents!, block, size, rounded);
        (Extents, _rounded) = (rounded, Extents);
    }

    public void Fail(NbdError error, string text)
    {
        Error = error;
        ErrorText = text;
    }

    /// <summary>Hands the request to whoever completes the disk's task.</summary>
    public void Await(ValueTask pending)
    {
        IsInFlight = true;
        _awaiter = pending.ConfigureAwait(false).GetAwaiter();
        _awaiter.UnsafeOnCompleted(_completed);
    }

    private void OnCompleted()
    {
        try
        {
            _awaiter.GetResult();
        }
        catch (Exception e)
        {
            _dispatcher.Failed(this, e);
        }

        _awaiter = default;
        _dispatcher.Completed(this);
    }
}

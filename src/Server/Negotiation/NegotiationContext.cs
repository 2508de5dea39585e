using System.Net;
using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>What the handlers of options work with: the chain, the state, and replies to the option at hand.</summary>
/// <param name="source">The chain.</param>
/// <param name="isReadOnly">No client may write.</param>
/// <param name="output">Where replies go.</param>
/// <param name="logger">The connection's log.</param>
/// <param name="disconnect">What a disk or source calls to end the connection.</param>
/// <param name="closed">Cancelled when the client is gone.</param>
internal sealed class NegotiationContext(
    DiskSource source, bool isReadOnly, GatherWriter output, ILogger logger, Action<Disconnection> disconnect, CancellationToken closed)
{
    /// <summary>Whether clients may or must use TLS.</summary>
    public TlsMode Tls { get; init; }

    /// <summary>The connection is encrypted.</summary>
    public bool IsTls { get; init; }

    /// <summary>Only the way to TLS is open ("FORCEDTLS mode").</summary>
    public bool NeedsTls => Tls == TlsMode.Require && !IsTls;

    /// <summary>What the handshake offers.</summary>
    public HandshakeStyle Style { get; init; } = new();

    /// <summary>Who is at the other end, for the log.</summary>
    public string Peer { get; init; } = "unknown";

    public DiskSource Source { get; } = source;

    public NegotiationState State { get; init; } = new();

    public ILogger Logger { get; } = logger;

    public CancellationToken Closed { get; } = closed;

    /// <summary>Where the client is, for plugins.</summary>
    public EndPoint? PeerAddress { get; init; }

    public ListRequest ListRequest => new(isReadOnly, IsTls) { Disconnect = disconnect };

    /// <summary>The option that is being answered.</summary>
    public OptionCode Option { get; set; }

    /// <summary>Bytes behind that option have arrived already.</summary>
    public bool IsFollowed { get; set; }

    /// <summary>Queues a reply.</summary>
    public void Reply(OptionReplyCode reply, ReadOnlySpan<byte> data = default)
    {
        var wire = output.GetSpan(OptionReplyHeader.Size + data.Length);
        new OptionReplyHeader(Option, reply, (uint)data.Length).Write(wire);
        data.CopyTo(wire[OptionReplyHeader.Size..]);
        output.Advance(OptionReplyHeader.Size + data.Length);
    }

    /// <summary>Queues an error with a text for a human; the next option follows.</summary>
    public NextStep Refuse(OptionReplyCode error, string why)
    {
        Logger.OptionRefused(Option, error, why);
        Reply(error, WireText.Encode(why));
        return NextStep.NextOption;
    }

    /// <summary>Refuses an option for its size. The first time one line tells of it; a client that goes on must not fill the log.</summary>
    public NextStep RefuseTooBig(string why)
    {
        if (!State.HasSentTooMuch)
        {
            State.HasSentTooMuch = true;
            Logger.LimitReached(Peer, $"{Option} with {why}");
        }

        return Refuse(OptionReplyCode.ErrTooBig, why);
    }

    /// <summary>Sends bytes that are not a reply to an option.</summary>
    public Span<byte> GetSpan(int size) => output.GetSpan(size);

    public void Advance(int size) => output.Advance(size);

    /// <summary>Opens an export; "" is the source's default one.</summary>
    /// <exception cref="NbdException">It cannot be opened.</exception>
    public OpenedExport Open(string name)
    {
        if (name.Length == 0)
        {
            name = Wait(Source.GetDefaultExportAsync(ListRequest, Closed));
        }

        var request = new OpenRequest { ExportName = name, ReadOnly = isReadOnly, IsTls = IsTls, Peer = PeerAddress, ConnectionClosed = Closed, Disconnect = disconnect };
        var disk = Wait(Source.OpenAsync(request, Closed));
        try
        {
            var facts = new ExportFacts(disk, isReadOnly);
            Logger.Opened(name, facts.Size, (ushort)facts.Flags);
            return new OpenedExport(name, disk, facts);
        }
        catch
        {
            Wait(disk.DisposeAsync());
            throw;
        }
    }

    /// <summary>The flags that a client is told, which depend on what it negotiated.</summary>
    /// <param name="name">The export as the client names it.</param>
    /// <param name="export">What it is like.</param>
    public TransmissionFlags FlagsOf(string name, ExportFacts export)
    {
        var flags = export.Flags;
        if (State.Headers >= HeaderForm.Structured)
        {
            flags |= TransmissionFlags.SendDf;
        }

        // Not without a context that could be named ("NBD_FLAG_BLOCK_STATUS_PAYLOAD").
        if (State.Headers == HeaderForm.Extended && State.HasAllocation && State.MetaContextExport == name)
        {
            flags |= TransmissionFlags.BlockStatusPayload;
        }

        return flags;
    }

    /// <summary>Waits on the connection's own thread, which has nothing else to do.</summary>
    public static T Wait<T>(ValueTask<T> task) => task.IsCompleted ? task.Result : task.AsTask().GetAwaiter().GetResult();

    /// <summary>Waits on the connection's own thread, which has nothing else to do.</summary>
    public static void Wait(ValueTask task)
    {
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
        }
        else
        {
            task.AsTask().GetAwaiter().GetResult();
        }
    }
}

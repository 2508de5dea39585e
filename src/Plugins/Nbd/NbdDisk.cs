using SharpNbd.Abstractions;

namespace SharpNbd.Plugins;

/// <summary>
/// The server's export as one client has opened it. What one batch of the client's requests asks for leaves for the server together, when
/// the connection's thread has no more of them.
/// </summary>
internal sealed class NbdDisk : Disk
{
    private readonly UpstreamLink _link;
    private readonly UpstreamStability _stability;
    private readonly bool _isShared;
    private readonly CancellationToken _connectionClosed;
    private readonly CancellationTokenRegistration _abort;
    private int _batchThread;
    private int _knownLosses;

    /// <param name="link">The connection to the server.</param>
    /// <param name="isShared">Others use the connection, too.</param>
    /// <param name="stability">What the server may have forgotten.</param>
    /// <param name="request">Who opens it.</param>
    public NbdDisk(UpstreamLink link, bool isShared, UpstreamStability stability, OpenRequest request)
    {
        (_link, _isShared, _stability, _knownLosses) = (link, isShared, stability, stability.Losses);
        Capabilities = CapabilitiesOf(request.ReadOnly);
        if (!isShared)
        {
            // Nobody else uses the connection: cutting it gives everything up at once, and requests need not watch the token each.
            _connectionClosed = request.ConnectionClosed;
            _abort = _connectionClosed.UnsafeRegister(
                static (link, token) => ((UpstreamLink)link!).Abort(new OperationCanceledException(token)), link);
        }
    }

    public override long Size => _link.Export.Size;

    public override DiskCapabilities Capabilities { get; }

    public override string? Description => _link.Export.Description;

    public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => RunAsync(
            new UpstreamRequest { Operation = UpstreamRequest.Kind.Read, Range = new ByteRange(offset, buffer.Length), Destination = buffer },
            cancellationToken);

    public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
        => RunAsync(
            new UpstreamRequest
            {
                Operation = UpstreamRequest.Kind.Write, Range = new ByteRange(offset, data.Length), Data = data, WriteFlags = flags,
            },
            cancellationToken);

    public override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_stability.Losses is var losses && losses != _knownLosses)
        {
            _knownLosses = losses;
            throw new NbdException(NbdError.EIO, "the upstream server was lost with writes that had not been flushed: they may be gone");
        }

        return RunAsync(new UpstreamRequest { Operation = UpstreamRequest.Kind.Flush }, cancellationToken);
    }

    public override ValueTask TrimAsync(ByteRange range, WriteFlags flags, CancellationToken cancellationToken)
        => RunAsync(new UpstreamRequest { Operation = UpstreamRequest.Kind.Trim, Range = range, WriteFlags = flags }, cancellationToken);

    public override ValueTask ZeroAsync(ByteRange range, ZeroFlags flags, CancellationToken cancellationToken)
        => RunAsync(new UpstreamRequest { Operation = UpstreamRequest.Kind.Zero, Range = range, ZeroFlags = flags }, cancellationToken);

    public override ValueTask CacheAsync(ByteRange range, CancellationToken cancellationToken)
        => RunAsync(new UpstreamRequest { Operation = UpstreamRequest.Kind.Cache, Range = range }, cancellationToken);

    public override ValueTask GetExtentsAsync(ByteRange range, ExtentList extents, CancellationToken cancellationToken)
        => RunAsync(new UpstreamRequest { Operation = UpstreamRequest.Kind.Extents, Range = range, Extents = extents }, cancellationToken);

    // Always called by the connection's thread, and behind every call that it has made: who calls on that thread may wait for it. That thread may
    // wait for its own server, which it has nothing to do without; but not for one that others use.
    public override void EndBatch()
    {
        _batchThread = Environment.CurrentManagedThreadId;
        _link.Send(wait: !_isShared);
    }

    public override async ValueTask DisposeAsync()
    {
        await _abort.DisposeAsync();
        if (!_isShared)
        {
            await _link.DisposeAsync();
        }
    }

    private ValueTask RunAsync(in UpstreamRequest request, CancellationToken cancellationToken)
        => _link.RunAsync(
            request,
            isLater: Environment.CurrentManagedThreadId == _batchThread,
            isWatched: cancellationToken != _connectionClosed,
            cancellationToken);

    private DiskCapabilities CapabilitiesOf(bool isReadOnly)
    {
        var export = _link.Export;
        return new DiskCapabilities
        {
            CanWrite = !export.IsReadOnly && !isReadOnly,
            CanFlush = export.CanFlush,
            CanTrim = export.CanTrim,
            Zero = export.CanZero ? Support.Native : Support.None,
            CanFastZero = export.CanFastZero,
            Fua = export.CanFua ? Support.Native : Support.None,
            Cache = export.CanCache ? Support.Native : Support.None,
            CanExtents = export.CanExtents,

            // A flush on the one connection that all share covers the writes of all, whatever the server says of several.
            CanMultiConn = export.CanMultiConn || _isShared,
            IsRotational = export.IsRotational,
            BlockSize = export.BlockSize,
        };
    }
}

namespace SharpNbd.Server;

/// <summary>An encrypted connection over any other.</summary>
internal sealed class TlsTransport : Transport
{
    private readonly Transport _inner;
    private readonly TlsIo _io;

    private TlsTransport(Transport inner, TlsWire wire, TlsSession session)
    {
        _inner = inner;
        _io = new TlsIo(wire, session);
        Description = session.Description;
        Input = new WireInput(new SocketPipeReader(_io));
        Output = new SocketPipeWriter(_io);
    }

    /// <summary>The version and suite, for the log.</summary>
    public string Description { get; }

    public override string Peer => _inner.Peer;

    public override WireInput Input { get; }

    public override GatherWriter Output { get; }

    /// <summary>Runs the server's side of the handshake; blocks the calling thread.</summary>
    /// <param name="inner">The connection in the clear, of which nothing may be read ahead; owned by the result.</param>
    /// <param name="credentials">What the server proves itself with.</param>
    /// <exception cref="ProtocolViolationException">The handshake failed.</exception>
    /// <exception cref="IOException">The peer is gone.</exception>
    public static TlsTransport Accept(Transport inner, TlsCredentials credentials)
    {
        var wire = new TlsWire(inner.Input, inner.Output);
        try
        {
            var session = credentials.Accept(wire);
            wire.EndHandshake();
            return new TlsTransport(inner, wire, session);
        }
        catch (ProtocolViolationException)
        {
            // The peer is told by an alert, if it still listens.
            TrySend(wire);
            throw;
        }
    }

    public override void StopReceiving() => _inner.StopReceiving();

    public override void Abort() => _inner.Abort();

    public override void Dispose()
    {
        try
        {
            _io.Dispose();
        }
        finally
        {
            _inner.Dispose();
        }
    }

    private static void TrySend(TlsWire wire)
    {
        try
        {
            wire.Send(wait: true);
        }
        catch (IOException)
        {
            // It does not.
        }
    }
}

namespace SharpNbd.Server;

/// <summary>What a server proves itself with and checks clients by; shared by all connections.</summary>
internal abstract class TlsCredentials
{
    /// <summary>Runs the server's side of a TLS handshake, on the calling thread.</summary>
    /// <exception cref="ProtocolViolationException">It failed: what the peer said was wrong, or the peer did not like us.</exception>
    /// <exception cref="IOException">The peer is gone.</exception>
    public abstract TlsSession Accept(TlsWire wire);
}

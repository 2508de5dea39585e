namespace SharpNbd.Server;

/// <summary>
/// An encrypted connection behind its handshake. One thread may read while another writes; what is written becomes records in the
/// <see cref="TlsWire"/>, which sends them or keeps them until there is room.
/// </summary>
internal abstract class TlsSession : IDisposable
{
    /// <summary>The version and suite, for the log.</summary>
    public string Description { get; protected set; } = "";

    /// <summary>Waits for bytes; 0 when the peer has closed or is gone.</summary>
    /// <exception cref="IOException">Its records make no sense.</exception>
    public abstract int Read(Span<byte> buffer);

    /// <summary>Encrypts bytes.</summary>
    /// <exception cref="IOException">The session is broken.</exception>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Says that nothing more will come (close_notify), so that the peer can tell the end from a cut.</summary>
    /// <exception cref="IOException">The session is broken.</exception>
    public abstract void Close();

    /// <summary>Frees what the library holds.</summary>
    public abstract void Dispose();
}

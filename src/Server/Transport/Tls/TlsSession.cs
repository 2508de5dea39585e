namespace SharpNbd.Server;

/// <summary>
/// An encrypted connection behind its handshake. One thread may read while another writes; what is written becomes records in the
/// <see cref="TlsWire"/> and waits there to be sent.
/// </summary>
/// <param name="stream">The library's stream over the wire.</param>
/// <param name="description">The version and suite, for the log.</param>
internal abstract class TlsSession(Stream stream, string description)
{
    /// <summary>The version and suite, for the log.</summary>
    public string Description { get; } = description;

    /// <summary>Waits for bytes; 0 when the peer has closed.</summary>
    /// <exception cref="IOException">The peer is gone, or its records make no sense.</exception>
    public int Read(Span<byte> buffer) => stream.Read(buffer);

    /// <summary>Encrypts bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    /// <summary>Says that nothing more will come (close_notify), so that the peer can tell the end from a cut.</summary>
    public abstract void Close();
}

namespace SharpNbd.Server;

/// <summary>
/// An encrypted connection behind its handshake. One thread may read while another writes; what is written becomes records in the
/// <see cref="TlsWire"/> and waits there to be sent. Whatever goes wrong in a library is told as an <see cref="IOException"/>: the peer
/// can make it throw anything, and it always means that the connection is of no use any more.
/// </summary>
/// <param name="stream">The library's stream over the wire.</param>
/// <param name="description">The version and suite, for the log.</param>
internal abstract class TlsSession(Stream stream, string description) : IDisposable
{
    /// <summary>The version and suite, for the log.</summary>
    public string Description { get; } = description;

    /// <summary>Waits for bytes; 0 when the peer has closed.</summary>
    /// <exception cref="IOException">The peer is gone, or its records make no sense.</exception>
    public int Read(Span<byte> buffer)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception e) when (e is not IOException)
        {
            throw Broken(e);
        }
    }

    /// <summary>Encrypts bytes.</summary>
    /// <exception cref="IOException">The session is broken.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
        }
        catch (Exception e) when (e is not IOException)
        {
            throw Broken(e);
        }
    }

    /// <summary>Says that nothing more will come (close_notify), so that the peer can tell the end from a cut.</summary>
    /// <exception cref="IOException">The session is broken.</exception>
    public void Close()
    {
        try
        {
            SayGoodbye();
        }
        catch (Exception e) when (e is not IOException)
        {
            throw Broken(e);
        }
    }

    /// <summary>Frees what the library holds; nobody may be reading or writing any more.</summary>
    public virtual void Dispose() => stream.Dispose();

    /// <summary>Writes the close_notify.</summary>
    protected abstract void SayGoodbye();

    private static IOException Broken(Exception exception) => new($"the TLS session is broken: {exception.Message}", exception);
}

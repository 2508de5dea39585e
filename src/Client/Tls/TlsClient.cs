namespace SharpNbd.Client;

/// <summary>Encrypts a connection, by the library that has the credentials.</summary>
internal static class TlsClient
{
    /// <summary>Does the handshake, on the calling thread.</summary>
    /// <param name="wire">The connection.</param>
    /// <param name="options">The credentials.</param>
    /// <param name="host">The name of the server, where it was connected to by one.</param>
    /// <exception cref="NbdConnectionException">The two do not agree.</exception>
    public static ClientWire Connect(ClientWire wire, NbdTlsOptions options, string? host)
    {
        var stream = new WireStream(wire);
        try
        {
            return options.PskFile is { } file
                ? PskTls.Connect(wire, stream, PskKey.Find(file, options.UserName))
                : CertificateTls.Connect(wire, stream, options, options.HostName ?? host);
        }
        catch (Exception e) when (e is not NbdConnectionException)
        {
            throw new NbdConnectionException($"TLS with the server failed: {WireText.Printable(Innermost(e).Message)}", e);
        }
    }

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }
}

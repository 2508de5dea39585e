using Org.BouncyCastle.Tls;

namespace SharpNbd.Server;

/// <summary>Pre-shared keys, by the TLS of Bouncy Castle: the framework's has none.</summary>
internal sealed class PskCredentials : TlsCredentials
{
    private readonly PskFile _file;
    private readonly TlsPriority _priority;

    private PskCredentials(PskFile file, TlsPriority priority)
    {
        _file = file;
        _priority = priority;
    }

    /// <summary>Checks the file, which is read again for each client.</summary>
    /// <exception cref="StartupException">It makes no sense.</exception>
    public static PskCredentials Load(string path, TlsPriority priority)
    {
        var file = new PskFile(path);
        file.Read();
        return new PskCredentials(file, priority);
    }

    public override TlsSession Accept(TlsWire wire)
    {
        var users = new PskUsers(_file);
        var crypto = new FrameworkTlsCrypto();
        var server = new PskServer(crypto, users, _priority);
        var protocol = new TlsServerProtocol(wire);
        try
        {
            protocol.Accept(server);
            return new PskSession(protocol, crypto, server.Description);
        }
        catch (Exception e)
        {
            crypto.Dispose();
            if (e is IOException and not TlsException)
            {
                throw;
            }

            throw new ProtocolViolationException($"the TLS handshake failed: {users.Problem ?? e.Message}");
        }
    }

    /// <summary>A session of Bouncy Castle's TLS.</summary>
    private sealed class PskSession(TlsServerProtocol protocol, FrameworkTlsCrypto crypto, string description)
        : TlsSession(protocol.Stream, description)
    {
        public override void Dispose() => crypto.Dispose();

        protected override void SayGoodbye() => protocol.Close();
    }
}

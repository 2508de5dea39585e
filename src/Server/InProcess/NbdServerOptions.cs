using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>How a server serves; every limit is per server unless it says otherwise.</summary>
public sealed record NbdServerOptions
{
    /// <summary>
    /// Where to listen. Null, as it is unless set, for a Unix socket that only this user can reach, in a directory that is removed at the stop; none
    /// for a server whose clients come through <see cref="NbdServer.Connect"/> or <see cref="NbdServer.ServeAsync"/> only.
    /// </summary>
    public IReadOnlyList<ListenAddress>? Addresses { get; init; }

    /// <summary>
    /// What stands in front of the disk, the one nearest to the client first, as on a command line. Each is made of a filter and its options:
    /// <c>new DelayFilter().With(new() { Read = TimeSpan.FromSeconds(1) })</c>.
    /// </summary>
    public IReadOnlyList<ConfiguredFilter> Filters { get; init; } = [];

    /// <summary>What the log calls connections, <c>NAME.1</c>, <c>NAME.2</c> …: the plugin's name.</summary>
    public string Name { get; init; } = "nbd";

    /// <summary>Every export is read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The disk or source that the server was given is not disposed with it: whoever made it goes on using it, and disposes it.</summary>
    public bool LeaveOpen { get; init; }

    /// <summary>How clients encrypt; null where they cannot.</summary>
    public NbdServerTls? Tls { get; init; }

    /// <summary>Where the server, its plugin and its filters log; nowhere unless set.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock of plugins, filters and the handshake's limit, so that tests need not wait for a delay.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Requests under way at once on one connection, 1 or more; with 1 they are served in order.</summary>
    public int RequestsPerConnection { get; init; } = 16;

    /// <summary>
    /// How long a connection looks for the next request before it sleeps, while there are more cores than connections; zero to
    /// save that processor time.
    /// </summary>
    public TimeSpan Spin { get; init; } = TimeSpan.FromMicroseconds(80);

    /// <summary>How long a client may take, in all, to send what the handshake waits for; zero for as long as it likes.</summary>
    public TimeSpan HandshakeWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections at once; more are closed as soon as they come.</summary>
    public int MaximumConnections { get; init; } = Limits.Connections;

    /// <summary>The bytes in buffers of all requests, beyond the little that every connection may always have.</summary>
    public long MaximumMemory { get; init; } = Limits.BytesPerServer;

    /// <summary>TCP asks now and then whether a silent client is still there.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>The SELinux label of listening sockets, or null for the one of the process.</summary>
    public string? SocketLabel { get; init; }

    /// <summary>How long requests in flight may take when the server is told to stop, before it cuts them off.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How the server does TLS, loaded; null for not at all.</summary>
    internal TlsSupport? TlsSupport { get; init; }

    /// <summary>How long a client may leave its replies unread while others wait for the memory that they are in.</summary>
    internal TimeSpan UnreadWait { get; init; } = Limits.UnreadWait;

    /// <summary>What the handshake offers.</summary>
    internal HandshakeStyle Handshake { get; init; } = new();
}

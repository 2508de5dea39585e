namespace SharpNbd.Server;

/// <summary>The command line, understood.</summary>
internal sealed record ServerOptions
{
    /// <summary>What to do.</summary>
    public ServerCommand Command { get; init; }

    /// <summary>The filters by name, the one nearest to the client first.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>The plugin by name, or null where none was named.</summary>
    public string? Plugin { get; init; }

    /// <summary>Where plugins are looked for that are not built in.</summary>
    public SearchPath PluginPath { get; init; } = SearchPath.Plugins([]);

    /// <summary>Where filters are looked for that are not built in.</summary>
    public SearchPath FilterPath { get; init; } = SearchPath.Filters([]);

    /// <summary>The words behind the plugin: <c>key=value</c>, or a value of the plugin's magic key.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>No client may write.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The export name in URIs.</summary>
    public string ExportName { get; init; } = "";

    /// <summary>Where to listen; null for a Unix socket in a private directory that is made at the start.</summary>
    public ListenAddress? Address { get; init; }

    /// <summary>The shell command to serve for, or null.</summary>
    public string? Run { get; init; }

    /// <summary>Waiting for a request never spins (<c>--no-spin</c>).</summary>
    public bool NoSpin { get; init; }

    /// <summary>The URI goes to standard output.</summary>
    public bool PrintUri { get; init; }

    /// <summary>Stay in the foreground; implied by <see cref="Run"/>.</summary>
    public bool Foreground { get; init; }

    /// <summary>The absolute path of the file for the process id, or null.</summary>
    public string? PidFile { get; init; }

    /// <summary>Requests under way at once on one connection.</summary>
    public int Threads { get; init; }

    /// <summary>Debug messages are written.</summary>
    public bool Verbose { get; init; }

    /// <summary>Where errors go.</summary>
    public LogTarget Log { get; init; }

    /// <summary>Encryption.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>The absolute path of the file that <see cref="Log"/> names.</summary>
    public string? LogFile { get; init; }

    /// <summary>What messages say behind the program's name, to tell several servers apart.</summary>
    public string? Name { get; init; }

    /// <summary>The flags of <c>-D</c>.</summary>
    public DebugFlags Debug { get; init; } = new([]);

    /// <summary>What the handshake offers.</summary>
    public HandshakeStyle Handshake { get; init; } = new();

    /// <summary>How long a client may take for the handshake; null for the default, zero for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Connections at once; null for the default.</summary>
    public int? MaximumConnections { get; init; }

    /// <summary>Bytes in buffers of all requests; null for the default.</summary>
    public long? MaximumMemory { get; init; }

    /// <summary>TCP finds out when the machine of a silent client is gone.</summary>
    public bool KeepAlive { get; init; }

    /// <summary>The SELinux label of listening sockets.</summary>
    public string? SocketLabel { get; init; }

    /// <summary>The program is locked into memory.</summary>
    public bool Swap { get; init; }

    /// <summary>The number of the user to change to.</summary>
    public uint? User { get; init; }

    /// <summary>The number of the group to change to.</summary>
    public uint? Group { get; init; }

    /// <summary>One client is served, on standard input and output.</summary>
    public bool Single { get; init; }

    /// <summary>The server stops when its parent ends.</summary>
    public bool ExitWithParent { get; init; }

    /// <summary>The server leaves for the background once it accepts clients.</summary>
    public bool GoesToBackground => Command == ServerCommand.Serve && !Foreground && Run is null && !Single && !ExitWithParent;
}

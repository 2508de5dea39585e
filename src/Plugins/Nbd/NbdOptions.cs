using SharpNbd.Abstractions;
using SharpNbd.Client;

namespace SharpNbd.Plugins;

/// <summary>Which server the nbd plugin stands in front of, and how it talks to it.</summary>
public sealed record NbdOptions
{
    [Parameter("uri", "The server and its export: nbd://, nbd+unix://, nbd+vsock://, or nbds for TLS.", IsMagic = true, ValueName = "URI")]
    public string? Uri
    {
        get;
        init
        {
            // Here, so that a mistake is reported together with those in other parameters.
            _ = NbdUri.Parse(value!);
            field = value;
        }
    }

    [Parameter("socket", "The server's Unix socket.")]
    public FilePath? Socket { get; init; }

    [Parameter("hostname", "The server's host, for TCP.", ValueName = "HOST")]
    public string? HostName { get; init; }

    [Parameter("port", "The server's port, for hostname= a number or the name of a service, for vsock= a number.", ValueName = "PORT", DefaultText = "10809")]
    public string? Port { get; init; }

    [Parameter("vsock", "The server's machine (CID), for vsock: 2 is the host.", ValueName = "CID")]
    public uint? Vsock { get; init; }

    [Parameter("command", "A server to start, which gets its socket by socket activation and is ended with this one.", ValueName = "PROGRAM")]
    public string? Command { get; init; }

    [Parameter("arg", "An argument for command=.", ValueName = "ARGUMENT")]
    public IReadOnlyList<string> Arguments { get; init; } = [];

    [Parameter("socket-fd", "A descriptor of a connected socket that was inherited.", ValueName = "FD")]
    public int? SocketDescriptor
    {
        get;
        init => field = value >= 0 ? value : throw new FormatException("a descriptor is 0 or more");
    }

    [Parameter("export", "The server's export.", ValueName = "NAME", DefaultText = "the default export")]
    public string? Export { get; init; }

    [Parameter("dynamic-export", "Open the export that the client asks for, and list those of the server.")]
    public bool DynamicExport { get; init; }

    [Parameter("retry", "How often to try again, after a second each, to connect to the server, at the start and when it was lost.", ValueName = "N")]
    public uint Retry { get; init; }

    [Parameter("shared", "One connection to the server for all clients, made at the start.", DefaultText = "true for command= and socket-fd=, otherwise false")]
    public bool? Shared { get; init; }

    [Parameter("tls", "Encrypt the connection to the server: off, on (where it can) or require.", ValueName = "MODE", DefaultText = "off; on with another tls- parameter")]
    public string? Tls
    {
        get;
        init
        {
            _ = UpstreamTls.Parse(value);
            field = value;
        }
    }

    [Parameter("tls-certificates", "Directory with ca-cert.pem, client-cert.pem and client-key.pem.", ValueName = "DIRECTORY")]
    public FilePath? TlsCertificates { get; init; }

    [Parameter("tls-verify", "Check the server's certificate.")]
    public bool? TlsVerify { get; init; }

    [Parameter("tls-username", "Who to be for tls-psk=.", ValueName = "NAME", DefaultText = "the user who runs the server")]
    public string? TlsUserName { get; init; }

    [Parameter("tls-psk", "File of pre-shared keys.")]
    public FilePath? TlsPsk { get; init; }
}

namespace SharpNbd.Server;

/// <summary>All options of nbdkit and a few of our own, a line each.</summary>
internal static class OptionTable
{
    /// <summary>The options in the order of <c>--help</c>.</summary>
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        new(Option.Help, null, ["help"], null, "show this text; with a plugin or filters also their parameters"),
        new(Option.Version, 'V', ["version"], null, "show the version, also of a plugin and filters"),
        new(Option.DumpConfig, null, ["dump-config"], null, "show how the server was built, as key=value lines"),
        new(Option.DumpPlugin, null, ["dump-plugin"], null, "show facts about the plugin, as key=value lines"),
        new(Option.LongOptions, null, ["long-options"], null, "list all long options, for shell completion"),
        new(Option.ShortOptions, null, ["short-options"], null, "list all short options, for shell completion"),
        new(Option.Filter, null, ["filter"], "NAME", "put a filter in front of the plugin; the first one named is nearest to the client"),
        new(Option.FilterDirectory, null, ["filterdir"], "DIRECTORY", "where filters that are not built in are looked for; may be given several times") { IsNewer = true },
        new(Option.PluginDirectory, null, ["plugindir"], "DIRECTORY", "the same for plugins") { IsNewer = true },
        new(Option.ReadOnly, 'r', ["readonly", "read-only"], null, "let no client write"),
        new(Option.ExportName, 'e', ["exportname", "export-name", "export"], "NAME", "the export name in $uri and $exportname"),
        new(Option.Port, 'p', ["port"], "PORT", "listen on this TCP port or service (10809 by default, 0 for a free one)"),
        new(Option.IpAddress, 'i', ["ipaddr", "ip-addr"], "ADDRESS", "listen on this TCP address or host name (all addresses by default)"),
        new(Option.IPv4Only, '4', ["ipv4-only"], null, "listen on IPv4 only"),
        new(Option.IPv6Only, '6', ["ipv6-only"], null, "listen on IPv6 only"),
        new(Option.Unix, 'U', ["unix"], "PATH", "listen on a Unix socket; - makes a private one that is removed at the end"),
        new(Option.Run, null, ["run"], "COMMAND", "serve while this shell command runs, then stop with its status; see below"),
        new(Option.PrintUri, null, ["print-uri"], null, "print the URI for clients on standard output") { IsNewer = true },
        new(Option.Foreground, 'f', ["foreground", "no-fork"], null, "do not go to the background"),
        new(Option.PidFile, 'P', ["pidfile", "pid-file"], "FILE", "write the process id there when clients can connect"),
        new(Option.Threads, 't', ["threads"], "N", "requests served at once on one connection (16 by default)"),
        new(Option.NoSpin, null, ["no-spin"], null, "sleep at once when waiting for a request, which saves processor time and costs latency") { IsNewer = true },
        new(Option.Tls, null, ["tls"], "off|on|require", "let clients use TLS, or refuse all that do not (on when there are certificates or keys)"),
        new(Option.TlsCertificates, null, ["tls-certificates"], "DIRECTORY", "where ca-cert.pem, server-cert.pem and server-key.pem are"),
        new(Option.TlsVerifyPeer, null, ["tls-verify-peer"], null, "demand a certificate of clients, too, and obey ca-crl.pem if it is there"),
        new(Option.TlsPsk, null, ["tls-psk"], "FILE", "use pre-shared keys, lines of USER:KEY, in place of certificates"),
        new(Option.TlsPriority, null, ["tls-priority"], "PRIORITY", "the versions and ciphers that may be used, as GnuTLS writes them") { IsNewer = true },
        new(Option.Verbose, 'v', ["verbose"], null, "write debug messages to standard error"),
        new(Option.Log, null, ["log"], "default|stderr|syslog|null|/PATH", "where errors go (standard error in the foreground, the system log in the background)"),
        new(Option.Newstyle, 'n', ["newstyle", "new-style"], null, "speak the newstyle protocol, as always"),

        new(Option.Debug, 'D', ["debug"], "NAME.FLAG=N", "set a debug flag, such as nbdkit.backend.datapath=0"),
        new(Option.ExitWithParent, null, ["exit-with-parent"], null, "stop when the process that started the server ends (implies -f)"),
        new(Option.Group, 'g', ["group"], "GROUP", "change to this group, a name or number, before serving"),
        new(Option.Keepalive, null, ["keepalive", "keep-alive"], null, "find out when the machine of a silent TCP client is gone") { IsNewer = true },
        new(Option.MaskHandshake, null, ["mask-handshake"], "MASK", "offer only these of the handshake flags, to test clients"),
        new(Option.MaximumConnections, null, ["max-connections"], "N", "turn away clients beyond so many at once (1024 by default)") { IsNewer = true },
        new(Option.MaximumMemory, null, ["max-memory"], "SIZE", "the most memory in buffers of all requests together (1G by default)") { IsNewer = true },
        new(Option.Name, null, ["name"], "NAME", "put a name into messages, to tell several servers apart") { IsNewer = true },
        new(Option.NoMetaContexts, null, ["no-mc", "no-meta-contexts"], null, "refuse meta contexts, to test clients") { IsNewer = true },
        new(Option.NoStructuredReplies, null, ["no-sr", "no-structured-replies"], null, "refuse structured replies, to test clients"),
        new(Option.Oldstyle, 'o', ["oldstyle", "old-style"], null, "speak the oldstyle protocol, which has no options"),
        new(Option.Reload, null, ["reload"], null, "take over changes of a script for clients that connect later; the plugin has to know reload=") { IsNewer = true },
        new(Option.SelinuxLabel, null, ["selinux-label"], "LABEL", "the SELinux label of the listening socket"),
        new(Option.Single, 's', ["single", "stdin"], null, "serve one client on standard input and output, then end (implies -f)"),
        new(Option.Swap, null, ["swap"], null, "lock the program into memory, so that this machine can swap to the disk"),
        new(Option.Timeout, null, ["timeout"], "TIME", "how long a client may take for the handshake (10 seconds by default, 0 for ever)") { IsNewer = true },
        new(Option.User, 'u', ["user"], "USER", "change to this user, a name or number, before serving"),
        new(Option.Vsock, null, ["vsock"], null, "listen on AF_VSOCK, for virtual machines; -p is then its port"),
    ];
}

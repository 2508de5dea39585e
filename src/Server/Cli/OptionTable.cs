namespace SharpNbd.Server;

/// <summary>All options of nbdkit and our own <c>--no-spin</c>, a line each.</summary>
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
        new(Option.Log, null, ["log"], "stderr|null", "where errors go (standard error in the foreground, nowhere in the background)"),
        new(Option.Newstyle, 'n', ["newstyle", "new-style"], null, "speak the newstyle protocol, as always"),

        new(Option.Debug, 'D', ["debug"], "NAME.FLAG=N", null),
        new(Option.ExitWithParent, null, ["exit-with-parent"], null, null),
        new(Option.Group, 'g', ["group"], "GROUP", null),
        new(Option.Keepalive, null, ["keepalive", "keep-alive"], null, null) { IsNewer = true },
        new(Option.MaskHandshake, null, ["mask-handshake"], "MASK", null),
        new(Option.Name, null, ["name"], "NAME", null) { IsNewer = true },
        new(Option.NoMetaContexts, null, ["no-mc", "no-meta-contexts"], null, null) { IsNewer = true },
        new(Option.NoStructuredReplies, null, ["no-sr", "no-structured-replies"], null, null),
        new(Option.Oldstyle, 'o', ["oldstyle", "old-style"], null, null),
        new(Option.SelinuxLabel, null, ["selinux-label"], "LABEL", null),
        new(Option.Single, 's', ["single", "stdin"], null, null),
        new(Option.Swap, null, ["swap"], null, null),
        new(Option.Timeout, null, ["timeout"], "TIME", null) { IsNewer = true },
        new(Option.User, 'u', ["user"], "USER", null),
        new(Option.Vsock, null, ["vsock"], null, null),
    ];
}

using System.Net.Sockets;
using System.Text;

namespace SharpNbd.Server;

/// <summary>Understands the options that say where to listen, and what of them cannot go together.</summary>
internal sealed class ListenOptionsReader(CommandLine line, OptionValues values, List<string> errors)
{
    private const int DefaultPort = 10809;

    // sun_path holds 108 bytes on Linux, the last of them NUL.
    private const int LongestSocketPath = 107;

    // As in nbdkit. --vsock and --run go together, for the port tells clients of this machine enough.
    private static readonly (Option One, Option Other, string Why)[] Conflicts =
    [
        (Option.Port, Option.Unix, "-p and -U cannot be used together: a server listens on TCP or on a Unix socket"),
        (Option.Vsock, Option.Unix, "--vsock and -U cannot be used together: a server listens on AF_VSOCK or on a Unix socket"),
        (Option.Single, Option.Port, "-s and -p cannot be used together: -s serves the one client on standard input and output"),
        (Option.Single, Option.Unix, "-s and -U cannot be used together: -s serves the one client on standard input and output"),
        (Option.Single, Option.Vsock, "-s and --vsock cannot be used together: -s serves the one client on standard input and output"),
        (Option.Single, Option.Run, "-s and --run cannot be used together: the command could not reach the server"),
        (Option.Single, Option.DumpPlugin, "-s and --dump-plugin cannot be used together: standard output is the client's"),
        (Option.Single, Option.PrintUri, "-s and --print-uri cannot be used together: there is no address, and standard output is the client's"),
    ];

    /// <summary>Where to listen; null for a private Unix socket, and where one client is served on standard input and output.</summary>
    public ListenAddress? Read()
    {
        if (Conflicts.FirstOrDefault(pair => line.Has(pair.One) && line.Has(pair.Other)) is { Why: { } why })
        {
            errors.Add(why);
            return null;
        }

        if (line.Last(Option.Unix) is { } path)
        {
            return path == "-" ? null : UnixAddress(path);
        }

        if (line.Has(Option.Vsock))
        {
            return new VsockListenAddress((uint)(values.Number(Option.Port, 0, uint.MaxValue) ?? DefaultPort));
        }

        var isPrivate = line.Has(Option.Single) || (line.Has(Option.Run) && !line.Has(Option.Port) && !line.Has(Option.IpAddress));
        return isPrivate ? null : new TcpListenAddress(line.Last(Option.IpAddress), Port(), Family());
    }

    private UnixListenAddress UnixAddress(string path)
    {
        if (path.Length == 0)
        {
            errors.Add("-U: a path is needed, or - for a private socket");
            return new UnixListenAddress(path);
        }

        // Made absolute here, for the server leaves its directory when it goes to the background.
        var absolute = Path.GetFullPath(path);
        if (Encoding.UTF8.GetByteCount(absolute) > LongestSocketPath)
        {
            errors.Add($"-U {path}: the path of a Unix socket has at most {LongestSocketPath} bytes, starting at /");
        }

        return new UnixListenAddress(absolute);
    }

    private int Port()
    {
        if (line.Last(Option.Port) is not { } text)
        {
            return DefaultPort;
        }

        if (PortName.Find(text) is { } port)
        {
            return port;
        }

        errors.Add($"-p {text}: a port is a number from 1 to 65535, 0 for any free one, or the name of a TCP service");
        return DefaultPort;
    }

    private AddressFamily Family()
    {
        var last = line.Options.LastOrDefault(given => given.Definition.Option is Option.IPv4Only or Option.IPv6Only);
        return last.Definition?.Option switch
        {
            Option.IPv4Only => AddressFamily.InterNetwork,
            Option.IPv6Only => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unspecified,
        };
    }
}

using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace SharpNbd.Server;

/// <summary>Understands a command line: checks every value and what cannot go together, and collects what is wrong.</summary>
internal sealed class ServerOptionsReader(CommandLine line)
{
    private const int DefaultPort = 10809;
    private const int DefaultThreads = 16;
    private const int MostThreads = 65536;

    // sun_path holds 108 bytes on Linux, the last of them NUL.
    private const int LongestSocketPath = 107;

    // NBD protocol, "Data types": a string is at most 4096 bytes.
    private const int LongestExportName = 4096;

    private readonly List<string> _errors = [.. line.Errors];

    /// <summary>What was wrong, a line each; known once <see cref="Read"/> has returned.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Understands the command line. Where something is wrong the result holds defaults in its place.</summary>
    public ServerOptions Read()
    {
        _errors.AddRange(line.Options.Where(given => !given.Definition.IsBuilt)
            .Select(given => given.Definition.LongName).Distinct()
            .Select(name => $"the option {name} is known to nbdkit, not built yet"));
        return new ServerOptions
        {
            Command = Command(),
            Filters = [.. line.All(Option.Filter)],
            Plugin = line.Words.Count > 0 ? line.Words[0] : null,
            Parameters = [.. line.Words.Skip(1)],
            ReadOnly = line.Has(Option.ReadOnly),
            ExportName = ExportName(),
            Address = Address(),
            Run = line.Last(Option.Run),
            NoSpin = line.Has(Option.NoSpin),
            PrintUri = line.Has(Option.PrintUri),
            Foreground = line.Has(Option.Foreground),
            PidFile = AbsolutePath(Option.PidFile, "-P"),
            Threads = Threads(),
            Verbose = line.Has(Option.Verbose),
            Log = Log(),
            Tls = new TlsOptionsReader(line, _errors).Read(),
        };
    }

    // In nbdkit the first of these on the command line wins too, whatever stands behind it.
    private ServerCommand Command()
    {
        foreach (var given in line.Options)
        {
            switch (given.Definition.Option)
            {
                case Option.Help:
                    return ServerCommand.ShowHelp;
                case Option.Version:
                    return ServerCommand.ShowVersion;
                case Option.DumpConfig:
                    return ServerCommand.DumpConfig;
                case Option.DumpPlugin:
                    return ServerCommand.DumpPlugin;
                case Option.LongOptions:
                    return ServerCommand.ListLongOptions;
                case Option.ShortOptions:
                    return ServerCommand.ListShortOptions;
            }
        }

        return ServerCommand.Serve;
    }

    private ListenAddress? Address()
    {
        var path = line.Last(Option.Unix);
        if (path is not null)
        {
            if (line.Has(Option.Port))
            {
                _errors.Add("-p and -U cannot be used together: a server listens on TCP or on a Unix socket");
            }

            return path == "-" ? null : UnixAddress(path);
        }

        if (line.Has(Option.Run) && !line.Has(Option.Port) && !line.Has(Option.IpAddress) && !line.Has(Option.Vsock))
        {
            return null;
        }

        return new TcpListenAddress(line.Last(Option.IpAddress), Port(), Family());
    }

    private UnixListenAddress UnixAddress(string path)
    {
        var absolute = AbsolutePath(Option.Unix, "-U") ?? path;
        if (Encoding.UTF8.GetByteCount(absolute) > LongestSocketPath)
        {
            _errors.Add($"-U {path}: the path of a Unix socket has at most {LongestSocketPath} bytes, starting at /");
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

        _errors.Add($"-p {text}: a port is a number from 1 to 65535, 0 for any free one, or the name of a TCP service");
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

    private string ExportName()
    {
        var name = line.Last(Option.ExportName) ?? "";
        if (Encoding.UTF8.GetByteCount(name) > LongestExportName)
        {
            _errors.Add($"-e: an export name has at most {LongestExportName} bytes");
        }

        return name;
    }

    private int Threads()
    {
        if (line.Last(Option.Threads) is not { } text)
        {
            return DefaultThreads;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var threads) || threads > MostThreads)
        {
            _errors.Add($"-t {text}: a number from 1 to {MostThreads} is needed, or 0 for the default of {DefaultThreads}");
            return DefaultThreads;
        }

        return threads == 0 ? DefaultThreads : threads;
    }

    private LogTarget Log()
    {
        switch (line.Last(Option.Log))
        {
            case null:
                return LogTarget.Default;
            case "stderr":
                return LogTarget.StandardError;
            case "null":
                return LogTarget.Null;
            case "syslog":
                _errors.Add("--log=syslog is known to nbdkit, not built yet; --log=stderr and --log=null are");
                return LogTarget.Default;
            case var other:
                _errors.Add($"--log={other}: stderr or null is needed");
                return LogTarget.Default;
        }
    }

    // Made absolute here, for the server leaves its directory when it goes to the background.
    private string? AbsolutePath(Option option, string spelling)
    {
        if (line.Last(option) is not { } path)
        {
            return null;
        }

        if (path.Length > 0)
        {
            return Path.GetFullPath(path);
        }

        _errors.Add($"{spelling}: a path is needed");
        return null;
    }
}

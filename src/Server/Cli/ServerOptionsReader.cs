using System.Text;

namespace SharpNbd.Server;

/// <summary>Understands a command line: checks every value and what cannot go together, and collects what is wrong.</summary>
internal sealed class ServerOptionsReader(CommandLine line)
{
    private const string ScriptPlugin = "csx";
    private const int DefaultThreads = 16;
    private const int MostThreads = 65536;

    // No timer takes more than 49 days.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(49);

    // NBD protocol, "Data types": a string is at most 4096 bytes.
    private const int LongestExportName = 4096;

    private readonly List<string> _errors = [.. line.Errors];
    private readonly OptionValues _values = new(line);

    /// <summary>What was wrong, a line each; known once <see cref="Read"/> has returned.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Understands the command line. Where something is wrong the result holds defaults in its place.</summary>
    public ServerOptions Read()
    {
        foreach (var given in line.Options.Where(given => !given.Definition.IsBuilt).DistinctBy(given => given.Definition))
        {
            _errors.Add($"the option {given.Definition.LongName} is known to nbdkit, not built yet");
        }

        var options = new ServerOptions
        {
            Command = Command(),
            Filters = [.. line.All(Option.Filter)],
            Plugin = IsScript ? ScriptPlugin : line.Words.Count > 0 ? line.Words[0] : null,
            PluginPath = SearchPath.Plugins(Directories(Option.PluginDirectory, "--plugindir")),
            FilterPath = SearchPath.Filters(Directories(Option.FilterDirectory, "--filterdir")),
            Parameters = Parameters(),
            ReadOnly = line.Has(Option.ReadOnly),
            ExportName = ExportName(),
            Address = new ListenOptionsReader(line, _values, _errors).Read(),
            Run = line.Last(Option.Run),
            NoSpin = line.Has(Option.NoSpin),
            PrintUri = line.Has(Option.PrintUri),
            Foreground = line.Has(Option.Foreground),
            PidFile = AbsolutePath(Option.PidFile, "-P"),
            Threads = Threads(),
            Verbose = line.Has(Option.Verbose),
            Log = Log(),
            Tls = new TlsOptionsReader(line, _errors).Read(),
            LogFile = line.Last(Option.Log) is ['/', ..] and var file ? file : null,
            Name = line.Last(Option.Name),
            Debug = DebugFlags.Read(line.All(Option.Debug), _errors),
            Handshake = Handshake(),
            Timeout = Timeout(),
            MaximumConnections = (int?)_values.Number(Option.MaximumConnections, 1, int.MaxValue),
            MaximumMemory = _values.Size(Option.MaximumMemory),
            KeepAlive = line.Has(Option.Keepalive),
            SocketLabel = SocketLabel(),
            Swap = line.Has(Option.Swap),
            User = Account(Option.User, "-u", "user", Accounts.FindUser),
            Group = Account(Option.Group, "-g", "group", Accounts.FindGroup),
            Single = line.Has(Option.Single),
            ExitWithParent = line.Has(Option.ExitWithParent),
        };
        _errors.AddRange(_values.Errors);
        return options;
    }

    // A script is its own plugin, by what its name ends in.
    private bool IsScript => line.Words is [var word, ..] && (word.EndsWith(".csx", StringComparison.Ordinal) || word.EndsWith(".cs", StringComparison.Ordinal));

    private string[] Parameters()
    {
        string[] script = IsScript ? [$"script={line.Words[0]}"] : [];
        string[] reload = line.Has(Option.Reload) ? ["reload=true"] : [];
        return [.. script, .. line.Words.Skip(1), .. reload];
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

    private string ExportName()
    {
        var name = line.Last(Option.ExportName) ?? "";
        if (Encoding.UTF8.GetByteCount(name) > LongestExportName)
        {
            _errors.Add($"-e: an export name has at most {LongestExportName} bytes");
        }

        return name;
    }

    private int Threads() => _values.Number(Option.Threads, 0, MostThreads) is > 0 and var threads ? (int)threads : DefaultThreads;

    private LogTarget Log()
    {
        switch (line.Last(Option.Log))
        {
            case null or "default":
                return LogTarget.Default;
            case "stderr":
                return LogTarget.StandardError;
            case "syslog":
                return LogTarget.SystemLog;
            case "null":
                return LogTarget.Null;
            case ['/', ..]:
                return LogTarget.File;
            case var other:
                _errors.Add($"--log={other}: default, stderr, syslog, null or an absolute path is needed");
                return LogTarget.Default;
        }
    }

    private TimeSpan? Timeout() => _values.Delay(Option.Timeout) is { } time ? time < LongestTimeout ? time : LongestTimeout : null;

    private string? SocketLabel()
    {
        var label = line.Last(Option.SelinuxLabel);
        if (label is "")
        {
            _errors.Add("--selinux-label: a label is needed, such as system_u:object_r:svirt_socket_t:s0");
        }

        return label;
    }

    private uint? Account(Option option, string spelling, string kind, Func<string, uint?> find)
    {
        if (line.Last(option) is not { } name)
        {
            return null;
        }

        var number = find(name);
        if (number is null)
        {
            _errors.Add($"{spelling} {name}: there is no such {kind}; a name or a number from 0 is needed");
        }

        return number;
    }

    private HandshakeStyle Handshake() => new()
    {
        IsOldstyle = line.Options.LastOrDefault(given => given.Definition.Option is Option.Oldstyle or Option.Newstyle).Definition?.Option == Option.Oldstyle,
        Mask = _values.Number(Option.MaskHandshake, 0, uint.MaxValue) is { } mask ? (uint)mask : uint.MaxValue,
        RefusesStructuredReplies = line.Has(Option.NoStructuredReplies),
        RefusesMetaContexts = line.Has(Option.NoMetaContexts),
    };

    private List<string> Directories(Option option, string spelling)
    {
        var given = line.All(option).ToList();
        foreach (var missing in given.Where(directory => !Directory.Exists(directory)))
        {
            _errors.Add($"{spelling}={missing}: there is no such directory");
        }

        return given;
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

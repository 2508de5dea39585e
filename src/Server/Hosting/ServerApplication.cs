using System.Collections;
using System.ComponentModel;
using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;
using Component = SharpNbd.Abstractions.Component;

namespace SharpNbd.Server;

/// <summary>The program: understands the command line, finds the components, and shows or serves what is asked for.</summary>
/// <param name="registry">The plugins and filters that there are.</param>
/// <param name="write">Writes a text to standard output.</param>
/// <param name="writer">Standard error.</param>
internal sealed class ServerApplication(ComponentRegistry registry, Action<string> write, StandardErrorWriter writer)
{
    /// <summary>Runs until the end; the result is the exit status.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        try
        {
            if (!StandardStreams.AreOpen())
            {
                throw new StartupException("standard input, output and error have to be open; redirect them to /dev/null instead of closing them");
            }

            var line = new CommandLineParser(OptionTable.All).Parse(arguments);
            var reader = new ServerOptionsReader(line);
            var options = reader.Read();
            var errors = new List<string>(reader.Errors);
            writer.Name = options.Name;
            var finder = new ComponentFinder(registry, options);
            var (filters, plugin) = NeedsComponents(options) ? (finder.FindFilters(errors), finder.FindPlugin(errors)) : ([], null);
            if (finder.NeedsManagedProgram)
            {
                // Before descriptors and variables that were handed over are taken.
                ManagedProgram.Become(arguments);
            }

            if (errors.Count == 0 && WholeProgram.IsNeeded(options, plugin))
            {
                WholeProgram.Become(arguments);
            }

            var background = BackgroundChild.Find();
            var activated = options.Command == ServerCommand.Serve && background is null ? SocketActivation.Find(writer.WriteWarning) : [];
            if (activated.Count > 0 && SocketActivation.Conflict(line) is { } conflict)
            {
                errors.Add(conflict);
            }

            if (errors.Count == 0 && plugin is null && options.Command is (ServerCommand.Serve or ServerCommand.DumpPlugin))
            {
                errors.Add("no plugin was named: sharpnbd [OPTION ...] PLUGIN [[KEY=]VALUE ...] (the plugins are "
                    + $"{string.Join(", ", registry.Plugins.Select(known => known.Name))}; --help shows all)");
            }

            if (errors.Count > 0)
            {
                throw new ParameterException(errors);
            }

            return options.Command == ServerCommand.Serve
                ? await ServeAsync(options, plugin!, filters, activated, arguments, background)
                : await ShowAsync(options, plugin, filters, finder);
        }
        catch (ParameterException e)
        {
            foreach (var error in e.Errors)
            {
                writer.WriteError(error);
            }

            return 1;
        }
        catch (Exception e) when (e is StartupException or NbdException or IOException or UnauthorizedAccessException or Win32Exception)
        {
            writer.WriteError(e is StartupException { InnerException: { } cause } && arguments.Contains("-v") ? $"{e.Message}\n{cause}" : e.Message);
            return 1;
        }
        catch (Exception e)
        {
            // The edge of the process: a mistake of ours, told without a stack trace unless somebody looks for it.
            writer.WriteError($"internal error: {(arguments.Contains("-v") ? e : $"{e.GetType().Name}: {e.Message}")}");
            return 1;
        }
    }

    private async Task<int> ServeAsync(
        ServerOptions options,
        Plugin plugin,
        Filter[] filters,
        IReadOnlyList<ListenAddress> activated,
        IReadOnlyList<string> arguments,
        BackgroundChild? background)
    {
        if (options.GoesToBackground && background is null && activated.Count == 0)
        {
            return new BackgroundStart(arguments).Run();
        }

        using var signals = new StopSignals();
        Prepare(options, [plugin, .. filters], signals);
        using var loggers = LoggersFor(options);
        var tls = TlsSupport.Load(options.Tls, writer.WriteWarning);
        try
        {
            using var privateSocket = activated.Count == 0 && options.Address is null && !options.Single ? PrivateSocket.Create() : null;
            IReadOnlyList<ListenAddress> addresses = activated.Count > 0 ? activated
                : options.Single ? []
                : [options.Address ?? new UnixListenAddress(privateSocket!.Path)];
            var words = ParameterFiles.Expand(options.Parameters);
            var source = await new ChainBuilder(loggers, TimeProvider.System, signals.Stop, signals.Token)
                .BuildAsync(plugin, filters, words, signals.Token);
            Redirect(options);
            return await new ServerHost(options with { Plugin = plugin.Name }, tls, write, writer, loggers, background, signals).RunAsync(source, addresses);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            // Stopped while it was still starting.
            return 0;
        }
    }

    // What lists or describes only the server itself shows it whatever else is named, as nbdkit does.
    private static bool NeedsComponents(ServerOptions options)
        => options.Command is not (ServerCommand.DumpConfig or ServerCommand.ListLongOptions or ServerCommand.ListShortOptions);

    // Before anything that takes time: the parent may end meanwhile.
    private void Prepare(ServerOptions options, Component[] components, StopSignals signals)
    {
        if (options.ExitWithParent)
        {
            ProcessLife.WatchParent(signals.Stop);
        }

        writer.HidesControlPath = !options.Debug.ShowsControlPath;
        writer.HidesDataPath = !options.Debug.ShowsDataPath;
        foreach (var warning in options.Debug.Unused(components))
        {
            writer.WriteWarning(warning);
        }

        if (options.Verbose && options.Debug.ShowsEnvironment)
        {
            foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            {
                writer.WriteLine($"{writer.Prefix}debug: environment: {variable.Key}={variable.Value}");
            }
        }
    }

    // What prevents the start is told on standard error, wherever messages go later.
    private void Redirect(ServerOptions options)
    {
        writer.DiscardsMessages = options.Log == LogTarget.Null;
        writer.Redirection = options.Log switch
        {
            LogTarget.SystemLog => SystemLog.Open(options.Name),
            LogTarget.File => LogFile.Open(options.LogFile!, writer.Prefix),
            _ => null,
        };
    }

    private LoggerFactory LoggersFor(ServerOptions options) => new(
        [new StandardErrorLoggerProvider(writer)],
        new LoggerFilterOptions { MinLevel = options.Verbose ? LogLevel.Trace : LogLevel.Information });

    private async Task<PluginDescription> DescribeAsync(ServerOptions options, Plugin plugin, Filter[] filters)
    {
        using var loggers = LoggersFor(options);
        var routed = new ParameterRouter(plugin, filters).Route(ParameterFiles.Expand(options.Parameters));
        return await plugin.DescribeAsync(routed.Plugin, new ChainBuilder(loggers, TimeProvider.System).Context(plugin), CancellationToken.None);
    }

    private async Task<int> ShowAsync(ServerOptions options, Plugin? plugin, Filter[] filters, ComponentFinder finder)
    {
        Component[] components = plugin is null ? [.. filters] : [.. filters, plugin];
        var program = Environment.ProcessPath ?? "sharpnbd";
        using var output = new StringWriter();
        switch (options.Command)
        {
            case ServerCommand.ShowHelp:
                var help = new HelpWriter(output);
                help.WriteUsage(OptionTable.All, registry.Plugins, registry.Filters);
                Array.ForEach(components, help.WriteParameters);
                break;
            case ServerCommand.ShowVersion:
                WriteLines(output, components.Select(component => $"{component.Name} {ProductVersion.Of(component)}").Prepend($"sharpnbd {ProductVersion.Text}"));
                break;
            case ServerCommand.DumpConfig:
                WriteLines(output, ConfigDump.Lines(program, options.PluginPath, options.FilterPath));
                break;
            case ServerCommand.DumpPlugin:
                WriteLines(output, PluginDump.Lines(plugin!, await DescribeAsync(options, plugin!, filters), finder.FileOf(plugin!) ?? program));
                break;
            case ServerCommand.ListLongOptions:
                WriteLines(output, OptionTable.All.Where(option => option.IsBuilt).SelectMany(option => option.Long).Select(name => "--" + name));
                break;
            case ServerCommand.ListShortOptions:
                WriteLines(output, OptionTable.All.Where(option => option.IsBuilt).Select(option => option.Short).OfType<char>().Select(letter => $"-{letter}"));
                break;
        }

        write(output.ToString());
        return 0;
    }

    private static void WriteLines(TextWriter output, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            output.WriteLine(line);
        }
    }
}

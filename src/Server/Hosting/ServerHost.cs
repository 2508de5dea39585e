using System.Globalization;
using Microsoft.Extensions.Logging;
using SharpNbd.Abstractions;

namespace SharpNbd.Server;

/// <summary>
/// The life of a server in a process: bind, go to the background, tell that it is ready, serve until a signal or the end of
/// the <c>--run</c> command, stop.
/// </summary>
/// <param name="options">The command line.</param>
/// <param name="tls">How it does TLS, or null.</param>
/// <param name="write">Writes a text to standard output.</param>
/// <param name="writer">Where messages end up.</param>
/// <param name="loggers">Where the server logs.</param>
/// <param name="background">The way to the background, or null to stay in front.</param>
/// <param name="signals">What ends it.</param>
internal sealed class ServerHost(
    ServerOptions options,
    TlsSupport? tls,
    Action<string> write,
    StandardErrorWriter writer,
    ILoggerFactory loggers,
    BackgroundChild? background,
    StopSignals signals)
{
    /// <summary>Serves a chain, which it owns, until the end; the result is the exit status.</summary>
    /// <param name="source">The chain.</param>
    /// <param name="addresses">Where to listen; nowhere to serve standard input and output.</param>
    /// <exception cref="StartupException">The server cannot start.</exception>
    public async Task<int> RunAsync(DiskSource source, IReadOnlyList<ListenAddress> addresses)
    {
        await using var server = new ServerEngine(source, SettingsFor(addresses), loggers);
        await server.BindAsync(signals.Token);

        var address = ForClients(addresses, server.BoundAddresses);
        if (options.PrintUri)
        {
            write(NbdUri.Format(address!, options.ExportName, tls) + "\n");
        }

        if (background is not null)
        {
            BackgroundChild.LeaveSession();
        }

        // The command is the user's and keeps his rights.
        var changesAccount = options.User is not null || options.Group is not null;
        var command = changesAccount ? StartCommand(address) : null;
        if (changesAccount)
        {
            ProcessLife.ChangeAccount(options.User, options.Group);
        }

        if (options.Swap)
        {
            ProcessLife.LockMemory();
        }

        // nbdkit serves in a child of its own beside --run, too, and filters tell of it.
        if (background is not null || options.Run is not null)
        {
            await source.EnteredBackgroundAsync(signals.Token);
        }

        await source.StartedAsync(signals.Token);

        await WritePidFileAsync();
        if (background is not null)
        {
            StandardStreams.Leave(keepError: options.Verbose || options.Log == LogTarget.StandardError);
            writer.Redirection ??= options.Log == LogTarget.Default ? SystemLog.Open(options.Name) : null;
        }

        server.StartAccepting();
        command ??= StartCommand(address);
        return background is not null && !background.SignalReady() ? 1
            : options.Single ? await ServeOneAsync(server)
            : await ServeAsync(server, command);
    }

    // Port 0 has become a real one, and a client needs no more than one of the addresses that a name stands for.
    private static ListenAddress? ForClients(IReadOnlyList<ListenAddress> asked, IReadOnlyList<ListenAddress> bound) => (asked.Count > 0 ? asked[0] : null) switch
    {
        TcpListenAddress tcp when bound.OfType<TcpListenAddress>().FirstOrDefault() is { } real => tcp with { Port = real.Port },
        ActivatedListenAddress => bound[0],
        var address => address,
    };

    private NbdServerOptions SettingsFor(IReadOnlyList<ListenAddress> addresses)
    {
        var settings = new NbdServerOptions
        {
            Addresses = addresses,
            Name = options.Plugin!,
            ReadOnly = options.ReadOnly,
            RequestsPerConnection = options.Threads,
            TlsSupport = tls,
            Handshake = options.Handshake,
            KeepAlive = options.KeepAlive,
            SocketLabel = options.SocketLabel,
        };
        return settings with
        {
            Spin = options.NoSpin ? TimeSpan.Zero : settings.Spin,
            HandshakeWait = options.Timeout ?? settings.HandshakeWait,
            MaximumConnections = options.MaximumConnections ?? settings.MaximumConnections,
            MaximumMemory = options.MaximumMemory ?? settings.MaximumMemory,
        };
    }

    private async Task WritePidFileAsync()
    {
        if (options.PidFile is not { } path)
        {
            return;
        }

        try
        {
            await File.WriteAllTextAsync(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n", signals.Token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the pid file cannot be written: {e.Message}");
        }
    }

    private ChildProcess? StartCommand(ListenAddress? address) => options.Run is { } command
        ? ChildProcess.Start("/bin/sh", ["/bin/sh", "-c", ShellScript.Compose(command, address!, options.ExportName, tls)])
        : null;

    private async Task<int> ServeOneAsync(ServerEngine server)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Serve(StandardTransport.Create(), ended.SetResult);
        await Task.WhenAny(ended.Task, StopAsked());
        await server.StopAsync();
        return 0;
    }

    private async Task<int> ServeAsync(ServerEngine server, ChildProcess? command)
    {
        if (command is null)
        {
            await StopAsked();
            await server.StopAsync();
            return 0;
        }

        var ended = command.WaitAsync();
        await Task.WhenAny(ended, StopAsked());
        signals.Stop();
        await server.StopAsync();

        // A signal stops the server only: the command sees its disk go away and decides itself what that means.
        var exit = await ended;
        if (exit.Signal != 0)
        {
            writer.WriteError($"the --run command was killed by signal {exit.Signal}");
        }

        return exit.Status;
    }

    private Task StopAsked() => Task.Delay(Timeout.Infinite, signals.Token).ContinueWith(
        _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}

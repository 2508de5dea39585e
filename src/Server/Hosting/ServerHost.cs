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
    /// <param name="address">Where to listen.</param>
    /// <exception cref="StartupException">The server cannot start.</exception>
    public async Task<int> RunAsync(DiskSource source, ListenAddress address)
    {
        await using var server = new NbdServer(
            source,
            SettingsFor(address),
            loggers);
        await server.BindAsync(signals.Token);

        // Port 0 has become a real one, and a client needs no more than one of the addresses that a name stands for.
        address = address is TcpListenAddress tcp && server.BoundAddresses.OfType<TcpListenAddress>().FirstOrDefault() is { } bound
            ? tcp with { Port = bound.Port }
            : address;
        if (options.PrintUri)
        {
            write(NbdUri.Format(address, options.ExportName, tls) + "\n");
        }

        if (background is not null)
        {
            BackgroundChild.LeaveSession();
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
            writer.DiscardsMessages |= options.Log == LogTarget.Default;
        }

        server.StartAccepting();
        return background is null || background.SignalReady() ? await ServeAsync(server, address) : 1;
    }

    private NbdServerOptions SettingsFor(ListenAddress address)
    {
        var settings = new NbdServerOptions
        {
            Addresses = [address],
            Name = options.Plugin!,
            ReadOnly = options.ReadOnly,
            RequestsPerConnection = options.Threads,
            Tls = tls,
        };
        return options.NoSpin ? settings with { Spin = TimeSpan.Zero } : settings;
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

    private async Task<int> ServeAsync(NbdServer server, ListenAddress address)
    {
        if (options.Run is null)
        {
            await StopAsked();
            await server.StopAsync();
            return 0;
        }

        var shell = ChildProcess.Start("/bin/sh", ["/bin/sh", "-c", ShellScript.Compose(options.Run, address, options.ExportName, tls)]);
        var ended = shell.WaitAsync();
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

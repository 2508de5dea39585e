using System.Diagnostics;
using Xunit;

namespace SharpNbd.TestKit;

/// <summary>
/// A server process, ours or nbdkit, that accepts clients on a Unix socket in a private directory. Disposing kills it, unless the
/// test has already stopped it.
/// </summary>
public sealed class ServerProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TemporaryDirectory _directory;
    private readonly LineLog _errors = new();

    private ServerProgram(Process process, TemporaryDirectory directory)
    {
        _process = process;
        _directory = directory;
    }

    /// <summary>The path of the Unix socket.</summary>
    public string SocketPath => _directory["socket"];

    /// <summary>The server as a URI that every client understands.</summary>
    public string Uri => UriOf("");

    /// <summary>The process that serves.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Everything that it has written to standard error, in lines. Complete once it has ended.</summary>
    public LineLog Errors => _errors;

    /// <summary>True when the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a server in front and returns once it accepts clients. The test fails, with what the server said, when it ends first.</summary>
    public static async Task<ServerProgram> StartAsync(string path, IEnumerable<string> arguments)
    {
        var directory = new TemporaryDirectory();
        using var ready = new Fifo(directory["pid"]);
        string[] all = ["-f", "-U", directory["socket"], "-P", directory["pid"], .. arguments];
        var start = new ProcessStartInfo(path, all)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory.Path,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"cannot start {path}");
        process.StandardInput.Close();
        var server = new ServerProgram(process, directory);
        var reading = server._errors.FillAsync(process.StandardError);

        // The server writes its pid when it is ready to accept; when it ends before, there will be no line.
        using var timeout = new CancellationTokenSource(StartTimeout);
        var line = ready.ReadLineAsync();
        if (await Task.WhenAny(line, process.WaitForExitAsync(timeout.Token)) != line)
        {
            ready.Abandon();
        }

        if ((await line).Length == 0)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            await reading;
            var said = string.Join('\n', server._errors.Lines);
            await server.DisposeAsync();
            Assert.Fail($"{path} {string.Join(' ', all)}\ndid not get ready to accept clients\n{said}");
        }

        return server;
    }

    /// <summary>The URI of one of its exports.</summary>
    public string UriOf(string exportName) => $"nbd+unix:///{System.Uri.EscapeDataString(exportName)}?socket={SocketPath}";

    /// <summary>Sends SIGTERM; the test fails unless the server then ends with status 0 in time and without a stack trace.</summary>
    public Task StopAsync() => StopAsync(Signal.Terminate, TimeSpan.FromSeconds(30));

    /// <summary>Sends a signal; the test fails unless the server then ends with status 0 in time and without a stack trace.</summary>
    public async Task StopAsync(Signal signal, TimeSpan within)
    {
        ProcessSignal.Send(ProcessId, signal);
        Assert.Equal(0, await WaitForExitAsync(within));
        Assert.DoesNotContain(_errors.Lines, line => line.StartsWith("   at ", StringComparison.Ordinal));
    }

    /// <summary>Waits until the server ends, and returns its status; the test fails when that takes longer than allowed.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan within)
    {
        using var timeout = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the server did not end within {within}\n{string.Join('\n', _errors.Lines)}");
        }

        await _errors.Completed.WaitAsync(within);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _directory.Dispose();
    }
}

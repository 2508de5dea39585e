using System.Globalization;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>A server on a free TCP port of this machine, which serves as long as its <c>--run</c> command waits.</summary>
internal sealed class TcpServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly Task<ToolResult> _running;

    private TcpServer(TemporaryDirectory directory, Task<ToolResult> running, string[] numbers)
    {
        _directory = directory;
        _running = running;
        ProcessId = int.Parse(numbers[0], CultureInfo.InvariantCulture);
        Port = int.Parse(numbers[1], CultureInfo.InvariantCulture);
    }

    /// <summary>The process that serves.</summary>
    public int ProcessId { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Starts it; returns when it accepts clients.</summary>
    public static async Task<TcpServer> StartAsync(params string[] arguments)
    {
        var directory = new TemporaryDirectory();
        using var ready = new Fifo(directory["ready"]);
        await Tool.Require("mkfifo").OutputAsync(directory["end"]);
        var command = $"echo $PPID $port > '{directory["ready"]}'; read line < '{directory["end"]}'";
        var running = SharpNbdProgram.RunAsync(["-i", "127.0.0.1", "-p", "0", "--run", command, .. arguments]);
        return new TcpServer(directory, running, (await ready.ReadLineAsync()).Split(' '));
    }

    /// <summary>Ends the command, and with it the server; what it wrote to standard error in lines.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        await File.WriteAllTextAsync(_directory["end"], "end\n");
        return (await _running).Expect(0).ErrorLines;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_running.IsCompleted)
        {
            await StopAsync();
        }

        _directory.Dispose();
    }
}

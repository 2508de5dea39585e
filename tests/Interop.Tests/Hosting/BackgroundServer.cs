using System.Globalization;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>A server that has gone to the background, found through its pid file. Disposing it stops it and waits for its end.</summary>
internal sealed class BackgroundServer : IAsyncDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(30);

    private readonly ProcessEnd _end;
    private readonly TemporaryDirectory _directory;

    private BackgroundServer(TemporaryDirectory directory)
    {
        _directory = directory;
        ProcessId = int.Parse(File.ReadAllText(directory["pid"]), CultureInfo.InvariantCulture);
        _end = new ProcessEnd(ProcessId);
    }

    /// <summary>The process that serves.</summary>
    public int ProcessId { get; }

    /// <summary>The path of the Unix socket.</summary>
    public string SocketPath => _directory["socket"];

    /// <summary>
    /// Starts it by a script of the shell, in a directory of its own. Returns when the script has ended and nobody holds its output
    /// any more: a server that kept the pipe would never let it.
    /// </summary>
    /// <param name="script">The script; <c>$server</c> is the program with the options that are always needed.</param>
    public static async Task<BackgroundServer> StartAsync(string script)
    {
        var directory = new TemporaryDirectory();
        var options = new ToolOptions { WorkingDirectory = directory.Path };
        var result = await Tool.Require("sh").RunAsync(options, "-c", $"server='{SharpNbdProgram.Path} -U socket -P pid'\n{script}");
        Assert.Equal("", result.Expect(0).Output + result.Error);
        return new BackgroundServer(directory);
    }

    /// <summary>Connects to it.</summary>
    public RawClient Connect() => RawClient.Open(SocketPath);

    /// <summary>Where a link in its directory of /proc leads.</summary>
    public string Link(string name) => new FileInfo($"/proc/{ProcessId}/{name}").LinkTarget!;

    /// <summary>The absolute path of a file of the test.</summary>
    public string PathOf(string name) => _directory[name];

    /// <summary>Sends a signal; the test fails unless the server then ends.</summary>
    public async Task StopAsync(Signal signal)
    {
        ProcessSignal.Send(ProcessId, signal);
        await _end.WaitAsync(EndTimeout);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(Signal.Terminate);
        _end.Dispose();
        _directory.Dispose();
    }
}

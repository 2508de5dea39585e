using System.Diagnostics;
using SharpNbd.TestKit;

namespace SharpNbd.Viewer.Tests;

/// <summary>The built viewer, running on a free port.</summary>
internal sealed class ViewerProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    // Built by its launcher, once, when a source is newer.
    private static readonly Lazy<Task<string>> Built = new(BuildAsync);

    private readonly Process _process;

    private ViewerProgram(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>The page.</summary>
    public Uri Address { get; }


    /// <summary>Starts it, and returns when it has told its address.</summary>
    public static async Task<ViewerProgram> StartAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(await Built.Value, ["--port", "0", .. arguments]) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(StartTimeout);
        var line = await process.StandardOutput.ReadLineAsync(timeout.Token);
        Assert.NotNull(line);
        return new ViewerProgram(process, new Uri(line));
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<ToolResult> RunAsync(params IEnumerable<string> arguments)
        => await Tool.ExecuteAsync(await Built.Value, [.. arguments], new ToolOptions());

    /// <summary>Sends a signal that stops it, and returns its status.</summary>
    public async Task<int> StopAsync()
    {
        ProcessSignal.Send(_process.Id, Signal.Terminate);
        using var timeout = new CancellationTokenSource(StartTimeout);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<string> BuildAsync()
    {
        var launcher = Path.Combine(Repository.Root, "sharpnbd-view");
        (await Tool.ExecuteAsync(launcher, ["--version"], new ToolOptions { Timeout = TimeSpan.FromMinutes(5) })).Expect(0);
        return Path.Combine(Repository.Root, "artifacts", "sharpnbd-view", "sharpnbd-view");
    }
}

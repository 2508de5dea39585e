using System.Diagnostics;
using SharpNbd.TestKit;

namespace SharpNbd.Viewer.Tests;

/// <summary>The built viewer, running on a free port.</summary>
internal sealed class ViewerProgram : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private ViewerProgram(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>The page.</summary>
    public Uri Address { get; }

    private static string Program => Path.Combine(Repository.Root, "artifacts", "sharpnbd-view", "sharpnbd-view");

    /// <summary>Starts it, and returns when it has told its address.</summary>
    public static async Task<ViewerProgram> StartAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(BuiltProgram(), ["--port", "0", .. arguments]) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(StartTimeout);
        var line = await process.StandardOutput.ReadLineAsync(timeout.Token);
        Assert.NotNull(line);
        return new ViewerProgram(process, new Uri(line));
    }

    /// <summary>Runs it to its end.</summary>
    public static Task<ToolResult> RunAsync(params IEnumerable<string> arguments)
        => Tool.ExecuteAsync(BuiltProgram(), [.. arguments], new ToolOptions());

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

    private static string BuiltProgram()
    {
        Assert.True(File.Exists(Program), "artifacts/sharpnbd-view has not been built; './sharpnbd-view --version' builds it");
        return Program;
    }
}

using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>The program under test with a record of what it writes, makes stable and sends, in the order of events.</summary>
internal sealed class TracedServer : IAsyncDisposable
{
    private static readonly TimeSpan TraceTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory;
    private readonly Fifo _output;
    private readonly ServerProgram _program;
    private readonly Task<List<string>> _lines;

    private TracedServer(TemporaryDirectory directory, Fifo output, ServerProgram program, Task<List<string>> lines)
        => (_directory, _output, _program, _lines) = (directory, output, program, lines);

    public string SocketPath => _program.SocketPath;

    /// <param name="inject">What strace shall do to calls, in its own words, or null.</param>
    /// <param name="arguments">What the server is told.</param>
    public static Task<TracedServer> StartAsync(string? inject, params string[] arguments) => StartThroughAsync([], inject, arguments);

    /// <param name="through">Another program, and its arguments, that becomes the server; or nothing.</param>
    /// <param name="inject">What strace shall do to calls, in its own words, or null.</param>
    /// <param name="arguments">What the server is told.</param>
    public static async Task<TracedServer> StartThroughAsync(string[] through, string? inject, params string[] arguments)
    {
        var strace = Tool.Require("strace");
        var directory = new TemporaryDirectory();
        var output = new Fifo(directory["trace"]);
        string[] wrapper =
        [
            strace.Path, "-D", "-f", "-xx", "-s", "64", "-o", output.Path,
            "-e", "trace=pwrite64,pwritev,pwritev2,fallocate,fdatasync,fsync,sendmsg,sendto,write,writev",
            .. inject is null ? [] : (string[])["-e", $"inject={inject}"], .. through,
        ];
        var program = await WrappedServer.StartAsync(directory, wrapper, arguments);
        return new TracedServer(directory, output, program, ReadAsync(output, program.ProcessId));
    }

    /// <summary>Stops the server and returns the whole record.</summary>
    public async Task<ServerTrace> StopAsync()
    {
        await _program.StopAsync();
        return new ServerTrace(await _lines.WaitAsync(TraceTimeout));
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _output.Dispose();
        _directory.Dispose();
    }

    private static async Task<List<string>> ReadAsync(Fifo output, int processId)
    {
        // Every line begins with the number of a thread, with blanks behind it up to five places. The end of the first thread, which
        // has that of the process, is told last.
        var end = $"{processId,-5} +++ exited";
        var lines = new List<string>();
        do
        {
            lines.Add(await output.ReadLineAsync());
        }
        while (!lines[^1].StartsWith(end, StringComparison.Ordinal));

        return lines;
    }
}

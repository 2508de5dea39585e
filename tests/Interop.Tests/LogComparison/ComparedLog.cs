using System.Text.RegularExpressions;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Runs a client script against nbdkit and against our program, and compares the logs that both have written.</summary>
internal static partial class ComparedLog
{
    private const string Prelude = """
        import os, signal, socket
        def client(name=""):
            h = nbd.NBD()
            h.set_export_name(name)
            h.add_meta_context("base:allocation")
            h.set_strict_mode(0)
            h.connect_unix(path)
            return h
        def attempt(action):
            try:
                action()
            except nbd.Error:
                pass
        status = lambda *_: 0

        """;

    /// <summary>Fails unless both logs are the same line by line, but for what is meant to differ.</summary>
    /// <param name="script">
    /// Python for nbdsh, one request in flight. It finds <c>path</c> (the socket), <c>pid</c> (the server), <c>place</c> (a directory) and the
    /// helpers of the prelude.
    /// </param>
    /// <param name="arguments">The server's, in which <c>{place}</c> stands for a directory with <c>exports/disk</c>, a hole of 1 MiB.</param>
    public static async Task ExpectEqualAsync(string script, params string[] arguments)
    {
        var theirs = await RecordAsync(NbdkitProgram.StartAsync, script, arguments);
        var ours = await RecordAsync(SharpNbdProgram.StartAsync, script, arguments);

        // A script that did nothing would compare well.
        Assert.Contains(theirs, line => line.Contains(" Connect ", StringComparison.Ordinal));
        Assert.Equal(theirs, ours);
    }

    private static async Task<string[]> RecordAsync(
        Func<IEnumerable<string>, Task<ServerProgram>> start, string script, string[] arguments)
    {
        using var place = new TemporaryDirectory();
        Directory.CreateDirectory(place["exports"]);
        DiskServer.Sparse(place["exports/disk"], 1 << 20);
        var filled = arguments.Select(argument => argument.Replace("{place}", place.Path, StringComparison.Ordinal));
        await using var server = await start([.. filled, $"logfile={place["log"]}"]);
        var nbdsh = await Tool.RequireNbdshAsync();
        await nbdsh.OutputAsync(
            "-c", $"path = '{server.SocketPath}'; pid = {server.ProcessId}; place = '{place.Path}'", "-c", Prelude, "-c", script);
        if (script.Contains("SIGTERM", StringComparison.Ordinal))
        {
            Assert.Equal(0, await server.WaitForExitAsync(TimeSpan.FromSeconds(30)));
        }
        else
        {
            await server.StopAsync();
        }

        var log = Comparable(await File.ReadAllTextAsync(place["log"]));
        return arguments.Contains("file") ? FastZero().Replace(log, "fast_zero=").Split('\n') : log.Split('\n');
    }

    /// <summary>Takes away the times, the extents, and the block sizes, which nbdkit 1.32.5 does not advertise.</summary>
    private static string Comparable(string log)
    {
        var text = Times().Replace(log, "");
        text = Extents().Replace(text, "extents=()");
        return BlockSizes().Replace(text, "minsize= prefsize= maxsize= ");
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} ", RegexOptions.Multiline)]
    private static partial Regex Times();

    [GeneratedRegex("extents=\\((0x[0-9a-f]+ 0x[0-9a-f]+ \"[a-z,]*\" ?)+\\)")]
    private static partial Regex Extents();

    // Our file plugin offers it where nbdkit's does not.
    [GeneratedRegex("fast_zero=[01]")]
    private static partial Regex FastZero();

    [GeneratedRegex("minsize=0x[0-9a-f]+ prefsize=0x[0-9a-f]+ maxsize=0x[0-9a-f]+ ")]
    private static partial Regex BlockSizes();
}

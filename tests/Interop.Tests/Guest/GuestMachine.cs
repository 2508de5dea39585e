using System.Diagnostics;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>
/// A small Linux machine under qemu whose disks are NBD servers. Its script and the test talk in lines: the script says something,
/// the test reacts. Disposing switches it off.
/// </summary>
internal sealed class GuestMachine : IAsyncDisposable
{
    /// <summary>Software emulation on a busy machine is slow; this only ends what would hang.</summary>
    private static readonly TimeSpan LineTimeout = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly TemporaryDirectory _directory;

    private GuestMachine(Process process, TemporaryDirectory directory)
    {
        _process = process;
        _directory = directory;
    }

    private static string Program => Path.Combine(Repository.Root, "tests", "guest", "guest");

    /// <summary>Boots the machine with a disk per socket (/dev/vda, /dev/vdb and so on) and starts the script in it.</summary>
    public static async Task<GuestMachine> StartAsync(IEnumerable<string> socketPaths, string script)
    {
        Tool.Require("qemu-system-x86_64");
        await BuildAsync();

        var directory = new TemporaryDirectory();
        File.WriteAllText(directory["script"], script);
        string[] arguments =
            ["run", "--console", directory["console"], .. socketPaths.SelectMany(path => (string[])["--disk", path]), directory["script"]];
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new GuestMachine(Process.Start(start)!, directory);
    }

    /// <summary>The machine's kernel, for tests that start it in another way.</summary>
    public static async Task<string> KernelAsync()
    {
        await BuildAsync();
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } chosen
            ? chosen
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "sharpnbd-guest", "kernel");
    }

    /// <summary>Waits for the next line that the script says.</summary>
    public async Task<string> HearAsync()
    {
        using var timeout = new CancellationTokenSource(LineTimeout);
        var line = await _process.StandardOutput.ReadLineAsync(timeout.Token);
        return line ?? throw new EndOfStreamException($"the guest ended without a word\n{Console()}");
    }

    /// <summary>Fails the test, with the guest's console, unless this is the next line that the script says.</summary>
    public async Task ExpectAsync(string line)
    {
        var heard = await HearAsync();
        if (heard != line)
        {
            Assert.Fail($"the guest said '{heard}', expected '{line}'\n{Console()}");
        }
    }

    /// <summary>Gives the script a line to hear.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    private static async Task BuildAsync()
    {
        if (Tool.Find("apt-get") is null)
        {
            Tool.Missing("apt-get, which downloads what the guest is made of");
        }

        (await Tool.ExecuteAsync(Program, ["build"], new ToolOptions { Timeout = BuildTimeout })).Expect(0);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _directory.Dispose();
    }

    private string Console() => File.Exists(_directory["console"]) ? File.ReadAllText(_directory["console"]) : "";
}

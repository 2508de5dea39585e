using System.Globalization;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>What a server does with its process: other users, locked memory, an end with the parent, parameters from files.</summary>
public sealed class ProcessOptionTests
{
    [Fact]
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    public async Task UserAndGroupAreChangedForTheServerAndNotForTheCommand()
    {
        AssertRoot();
        using var directory = new TemporaryDirectory();
        const string Script = "id -u; read pid < \"$PIDFILE\"; grep -E '^(Uid|Gid|Groups):' /proc/$pid/status";

        // The new user has to be able to write the pid, which the command waits for.
        await Tool.Require("chmod").OutputAsync("777", directory.Path);
        await Tool.Require("mkfifo").OutputAsync("-m", "666", directory["pid"]);
        var options = new ToolOptions { Environment = new Dictionary<string, string?> { ["PIDFILE"] = directory["pid"] } };
        var result = await SharpNbdProgram.RunAsync(options, "-u", "nobody", "-g", "12345", "-P", directory["pid"], "--run", Script, "memory", "1M");

        var lines = result.Expect(0).Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["0", "Uid:\t65534\t65534\t65534\t65534", "Gid:\t12345\t12345\t12345\t12345", "Groups:\t12345"], lines);
    }

    [Fact]
    public async Task WithoutTheRightToChangeTheServerDoesNotStart()
    {
        AssertRoot();
        var result = await Tool.Require("setpriv").RunAsync(
            "--reuid=65534", "--regid=65534", "--clear-groups", SharpNbdProgram.Path, "-f", "-U", "-", "-u", "root", "memory", "1M");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("-u: changing to user 0 failed", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task SwapLocksMemoryAndTheDiskStaysSparse()
    {
        AssertRoot();
        await using var server = await SharpNbdProgram.StartAsync("--swap", "memory", "1T");
        using (var client = RawClient.Open(server.SocketPath))
        {
            client.SendWrite(1, 1 << 30, new byte[] { 1, 2, 3 });
            Assert.Equal(0u, client.Receive().Error);
            Assert.Equal(0u, client.Ask(RawClient.Trim, 1 << 30, 4096).Error);
            Assert.Equal(new byte[3], client.Ask(RawClient.Read, 1 << 30, 3).Data);
        }

        var status = File.ReadAllLines($"/proc/{server.ProcessId}/status");
        var locked = status.Single(line => line.StartsWith("VmLck:", StringComparison.Ordinal));
        var resident = status.Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        Assert.NotEqual(0, KibibytesOf(locked));
        Assert.InRange(KibibytesOf(resident), 0, 512 << 10);
        await server.StopAsync();
    }

    [Fact]
    public async Task TheServerEndsWithItsParent()
    {
        using var directory = new TemporaryDirectory();
        using var ready = new Fifo(directory["pid"]);
        var script = $"'{SharpNbdProgram.Path}' --exit-with-parent -U '{directory["socket"]}' -P '{directory["pid"]}' memory 1M 2>/dev/null & read line";
        using var parent = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true })!;
        using var server = new ProcessEnd(int.Parse(await ready.ReadLineAsync(), CultureInfo.InvariantCulture));

        // It does not end of itself: there are clients.
        using var client = RawClient.Open(directory["socket"]);
        Assert.Equal(0u, client.Ask(RawClient.Read, 0, 512).Error);
        parent.Kill();
        await parent.WaitForExitAsync();

        await server.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task ParametersAreReadFromAFile()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory["parameters"], "# the disk\nsize=3M\n\n  \nlogfile=requests\n");
        var options = new ToolOptions { WorkingDirectory = directory.Path };

        var result = await SharpNbdProgram.RunAsync(
            options, "--filter=log", "memory", "@parameters", "--run", $"{Tool.Require("nbdinfo").Path} --size \"$uri\"");

        Assert.Equal($"{3 << 20}\n", result.Expect(0).Output);
        Assert.NotEqual("", File.ReadAllText(directory["requests"]));
    }

    [Fact]
    public async Task AFileOfParametersThatIsNotThereIsNamed()
    {
        var result = await SharpNbdProgram.RunAsync("-f", "-U", "-", "memory", "@/nonexistent/parameters");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("@/nonexistent/parameters: the file with parameters cannot be read", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task WithoutSelinuxItsLabelIsRefused()
    {
        if (Directory.Exists("/sys/fs/selinux"))
        {
            // Which labels are valid depends on the policy of the machine.
            return;
        }

        var result = await SharpNbdProgram.RunAsync("-f", "-U", "-", "--selinux-label=a:b:c", "memory", "1M");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--selinux-label=a:b:c: this kernel runs without SELinux", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task TheTimeForTheHandshakeCanBeSet()
    {
        await using var server = await SharpNbdProgram.StartAsync("--timeout=100ms", "memory", "1M");
        using var silent = RawClient.Connect(server.SocketPath);
        while (!silent.IsClosedByServer())
        {
            // The greeting comes first.
        }

        await server.StopAsync();
        Assert.Contains("did not finish the handshake in time", Assert.Single(server.Errors.Lines));
    }

    private static void AssertRoot()
    {
        if (Environment.UserName != "root")
        {
            Tool.Missing("root");
        }
    }

    private static long KibibytesOf(string line)
        => long.Parse(line.Split(' ', '\t').First(word => word.Length > 0 && char.IsAsciiDigit(word[0])), CultureInfo.InvariantCulture);
}

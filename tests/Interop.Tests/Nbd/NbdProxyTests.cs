using System.Text.Json.Nodes;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>The nbd plugin in the built program, between real clients and real servers.</summary>
public sealed class NbdProxyTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task AnImageGoesThroughToNbdkitAndBack()
    {
        await using var upstream = await NbdkitProgram.StartAsync("memory", $"{SparseImage.Size}");
        await using var proxy = await SharpNbdProgram.StartAsync("nbd", $"socket={upstream.SocketPath}");

        await CopyThereAndBackAsync(proxy.Uri, connections: 4);

        var there = JsonNode.Parse(await Tool.Require("nbdinfo").OutputAsync("--map", "--json", upstream.Uri))!;
        var here = JsonNode.Parse(await Tool.Require("nbdinfo").OutputAsync("--map", "--json", proxy.Uri))!;
        Assert.Equal(there.ToJsonString(), here.ToJsonString());
    }

    [Fact]
    public async Task AnImageGoesThroughToSharpNbdAndBack()
    {
        await using var upstream = await SharpNbdProgram.StartAsync("memory", $"{SparseImage.Size}");
        await using var proxy = await SharpNbdProgram.StartAsync("nbd", upstream.Uri, "retry=2", "shared=true");

        await CopyThereAndBackAsync(proxy.Uri, connections: 4);
        await proxy.StopAsync();
        Assert.Empty(proxy.Errors.Lines);
    }

    [Fact]
    public async Task QemuNbdIsStartedForAQcow2ImageAndEndsWithTheServer()
    {
        Tool.Require("qemu-nbd");
        var qemuImg = Tool.Require("qemu-img");
        await qemuImg.OutputAsync("create", "-f", "qcow2", _directory["image"], $"{SparseImage.Size}");
        await using var proxy = await SharpNbdProgram.StartAsync(
            "nbd", "command=qemu-nbd", "arg=--persistent", "arg=--discard=unmap", "arg=-f", "arg=qcow2", $"arg={_directory["image"]}",
            $"arg=--pid-file={_directory["qemu-pid"]}");

        await CopyThereAndBackAsync(proxy.Uri, connections: 1);
        Assert.Contains("qemu-nbd", await File.ReadAllTextAsync($"/proc/{await ReadPidAsync()}/cmdline"), StringComparison.Ordinal);
        var pid = await ReadPidAsync();
        await proxy.StopAsync();

        Assert.False(Directory.Exists($"/proc/{pid}"));
        await qemuImg.OutputAsync("check", _directory["image"]);
        await qemuImg.OutputAsync("compare", _directory["original"], _directory["image"]);

        async Task<string> ReadPidAsync() => (await File.ReadAllTextAsync(_directory["qemu-pid"])).Trim();
    }

    [Fact]
    public async Task AProgramThatCannotServeEndsTheStartWithOneLine()
    {
        var result = await SharpNbdProgram.RunAsync("-f", "-U", _directory["socket"], "nbd", "command=/nonexistent/server");

        result.Expect(1);
        Assert.Contains(result.ErrorLines, line => line.Contains("the program '/nonexistent/server' ended with status 127 instead of serving", StringComparison.Ordinal));
    }

    [Fact]
    public async Task QemuImgSeesAndConvertsWhatIsBehind()
    {
        var qemuImg = Tool.Require("qemu-img");
        var original = SparseImage.Create(_directory["original"], seed: 51);
        await using var upstream = await NbdkitProgram.StartAsync("file", original);
        await using var proxy = await SharpNbdProgram.StartAsync("nbd", $"socket={upstream.SocketPath}");

        await qemuImg.OutputAsync("convert", "-O", "raw", proxy.Uri, _directory["copy"]);

        await SparseImage.AssertSameContentAsync(original, _directory["copy"]);
    }

    [Fact]
    public async Task ExportsOfAServerAreListedAndOpenedThroughIt()
    {
        Directory.CreateDirectory(_directory["disks"]);
        await File.WriteAllBytesAsync(Path.Combine(_directory["disks"], "large"), new byte[8192]);
        await File.WriteAllBytesAsync(Path.Combine(_directory["disks"], "small"), new byte[512]);
        await using var upstream = await NbdkitProgram.StartAsync("file", $"dir={_directory["disks"]}");
        await using var proxy = await SharpNbdProgram.StartAsync("nbd", $"socket={upstream.SocketPath}", "dynamic-export=true");
        var nbdinfo = Tool.Require("nbdinfo");

        var list = JsonNode.Parse(await nbdinfo.OutputAsync("--list", "--json", proxy.Uri))!["exports"]!.AsArray();

        Assert.Equal(
            ["large 8192", "small 512"],
            list.Select(export => $"{export!["export-name"]} {export["export-size"]}").Order());
        Assert.Equal("512\n", await nbdinfo.OutputAsync("--size", proxy.UriOf("small")));
        (await nbdinfo.RunAsync("--size", proxy.UriOf("missing"))).Expect(1);
    }

    [Theory]
    [InlineData("-n", "--mask-handshake=0")]
    [InlineData("-n", "--no-sr")]
    public async Task OldServersAreUnderstood(params string[] style)
    {
        await using var upstream = await NbdkitProgram.StartAsync([.. style, "memory", $"{SparseImage.Size}"]);
        await using var proxy = await SharpNbdProgram.StartAsync("nbd", $"socket={upstream.SocketPath}");

        await CopyThereAndBackAsync(proxy.Uri, connections: 1);
    }

    /// <summary>nbdkit offers flushes, FUA and zeroes on an oldstyle connection and refuses them, whoever asks: an image cannot be copied there.</summary>
    [Fact]
    public async Task AnOldstyleServerIsUnderstood()
    {
        await using var upstream = await NbdkitProgram.StartAsync("-o", "memory", "1M");
        await using var proxy = await SharpNbdProgram.StartAsync("nbd", $"socket={upstream.SocketPath}");

        await Nbdsh.RunAsync(proxy.Uri, """
            h.connect_uri(uri)
            assert h.get_size() == 1048576
            h.pwrite(b"old" * 1000, 4096)
            assert h.pread(3000, 4096) == b"old" * 1000
            h.shutdown()
            """);
    }

    [Fact]
    public async Task ADescriptorThatWasInheritedIsAConnection()
    {
        await using var upstream = await NbdkitProgram.StartAsync("pattern", "1M");
        var python = Tool.Require("python3");
        const string script = """
            import os, socket, sys
            upstream = socket.socket(socket.AF_UNIX)
            upstream.connect(sys.argv[1])
            os.set_inheritable(upstream.fileno(), True)
            os.execv(sys.argv[2], [sys.argv[2], "nbd", f"socket-fd={upstream.fileno()}", "--run", "nbdinfo --size $uri && nbdcopy $uri - | head -c 16 | od -An -tx1"])
            """;

        var output = await python.OutputAsync("-c", script, upstream.SocketPath, SharpNbdProgram.Path);

        Assert.Equal("1048576\n 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 08\n", output);
    }

    [Fact]
    public async Task AServerThatIsKilledIsWaitedForAndNoWriteIsLost()
    {
        var link = _directory["link"];
        using var started = new Fifo(_directory["started"]);
        var first = await StartFileAsync();
        await using var proxy = await SharpNbdProgram.StartAsync("nbd", $"socket={link}", "retry=20");

        // FUA: what is acknowledged is stable, and a server that is killed has nothing else to lose.
        var writing = Nbdsh.RunAsync(proxy.Uri, $$"""
            h.connect_uri(uri)
            for i in range(3000):
                if i == 500:
                    open("{{_directory["started"]}}", "w").write("now\n")
                h.pwrite(i.to_bytes(4, "big") * 1024, i * 4096, nbd.CMD_FLAG_FUA)
            for i in range(3000):
                assert h.pread(4096, i * 4096) == i.to_bytes(4, "big") * 1024, i
            h.flush()
            """);
        Assert.Equal("now", await started.ReadLineAsync());
        ProcessSignal.Send(first.ProcessId, Signal.Kill);
        await proxy.Errors.WaitForAsync("the upstream server is lost");
        await first.DisposeAsync();
        await using var second = await StartFileAsync();
        await writing;

        async Task<ServerProgram> StartFileAsync()
        {
            if (!File.Exists(_directory["disk"]))
            {
                await File.WriteAllBytesAsync(_directory["disk"], new byte[3000 * 4096]);
            }

            var server = await SharpNbdProgram.StartAsync("file", _directory["disk"]);
            File.Delete(link);
            File.CreateSymbolicLink(link, server.SocketPath);
            return server;
        }
    }

    [Fact]
    public async Task WithoutRetryAServerThatIsKilledIsAnErrorForTheClient()
    {
        var upstream = await SharpNbdProgram.StartAsync("memory", "1M");
        await using var proxy = await SharpNbdProgram.StartAsync("nbd", $"socket={upstream.SocketPath}");
        using var connected = new Fifo(_directory["connected"]);
        using var lost = new Fifo(_directory["lost"]);

        var client = Nbdsh.RunAsync(proxy.Uri, $$"""
            h.connect_uri(uri)
            h.pread(512, 0)
            open("{{_directory["connected"]}}", "w").write("now\n")
            open("{{_directory["lost"]}}").readline()
            print(errno_of(lambda: h.pread(512, 0)), errno_of(lambda: h.pwrite(b"x", 0)))
            """);
        Assert.Equal("now", await connected.ReadLineAsync());
        await upstream.DisposeAsync();
        await proxy.Errors.WaitForAsync("the upstream server is lost");
        await File.WriteAllTextAsync(_directory["lost"], "now\n");

        Assert.Equal("EIO EIO\n", await client);
        await proxy.StopAsync();
        Assert.Single(proxy.Errors.Lines, line => line.Contains("upstream", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheDumpAnswersScriptsThatAskForLibnbdsAbilities()
    {
        var lines = (await SharpNbdProgram.RunAsync("nbd", "--dump-plugin")).Expect(0).Output.Split('\n');

        Assert.Superset(
            new HashSet<string> { "name=nbd", "magic_config_key=uri", "thread_model=parallel", "libnbd_tls=1", "libnbd_uri=1", "libnbd_vsock=1", "libnbd_dynamic_list=1" },
            lines.ToHashSet());
    }

    private async Task CopyThereAndBackAsync(string uri, int connections)
    {
        var nbdcopy = Tool.Require("nbdcopy");
        var original = SparseImage.Create(_directory["original"], seed: 50);

        await nbdcopy.OutputAsync($"--connections={connections}", "--flush", original, uri);
        await nbdcopy.OutputAsync($"--connections={connections}", uri, _directory["copy"]);

        await SparseImage.AssertSameContentAsync(original, _directory["copy"]);
    }
}

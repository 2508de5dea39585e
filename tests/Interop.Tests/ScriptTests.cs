using System.Text.Json.Nodes;
using SharpNbd.TestKit;

namespace SharpNbd.Interop.Tests;

/// <summary>Disks that are scripts, under real clients.</summary>
public sealed class ScriptTests : IDisposable
{
    private const string Size = "get_size=echo 1M";
    private const string Zeroes = "pread=head -c $3 /dev/zero";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task AScriptShowsWhatItShowsInNbdkit()
    {
        var nbdinfo = Tool.Require("nbdinfo");
        var script = _directory.WriteScript("disk.sh", """
            #!/bin/sh
            case $1 in
                thread_model) echo parallel ;;
                get_size) echo 1M ;;
                pread) head -c $3 /dev/zero ;;
                list_exports) printf 'INTERLEAVED\none\nthe first\ntwo\nthe second\n' ;;
                default_export) echo one ;;
                open) echo $3 ;;
                export_description) echo "this is $2" ;;
                can_write | can_flush | can_trim | can_zero | can_extents | can_multi_conn | is_rotational) ;;
                can_cache) echo native ;;
                extents) echo 0 512k; echo 512k 512k hole,zero ;;
                *) exit 2 ;;
            esac
            """);
        await using var ours = await SharpNbdProgram.StartAsync("sh", script);
        await using var theirs = await NbdkitProgram.StartAsync("sh", script);

        Assert.Equal(await DescribeAsync(nbdinfo, theirs), await DescribeAsync(nbdinfo, ours));
        Assert.Equal(await nbdinfo.OutputAsync("--map", theirs.Uri), await nbdinfo.OutputAsync("--map", ours.Uri));
        await ours.StopAsync();
    }

    [Fact]
    public async Task AFileBehindScriptsHoldsWhatNbdcopyWrote()
    {
        var image = _directory.Write("image", new byte[1 << 20]);
        var random = new byte[1 << 20];
        new Random(7).NextBytes(random);
        var data = _directory.Write("data", random);
        await using var server = await SharpNbdProgram.StartAsync(
            "eval",
            "config=ln -sf \"$(realpath \"$3\")\" $tmpdir/file",
            "get_size=stat -Lc %s $tmpdir/file",
            "pread=dd if=$tmpdir/file skip=$4 count=$3 iflag=count_bytes,skip_bytes",
            "pwrite=dd of=$tmpdir/file seek=$4 conv=notrunc oflag=seek_bytes",
            "flush=:",
            $"file={image}");

        await Tool.Require("nbdcopy").OutputAsync("--flush", data, server.Uri);
        await Tool.Require("qemu-img").OutputAsync("compare", "-f", "raw", "-F", "raw", data, server.Uri);

        Assert.Equal(random, File.ReadAllBytes(image));
        await server.StopAsync();
    }

    [Fact]
    public async Task AScriptOnStandardInputIsServed()
    {
        var nbdinfo = Tool.Require("nbdinfo");
        var options = new ToolOptions { Input = "case $1 in get_size) echo 3M ;; pread) head -c $3 /dev/zero ;; *) exit 2 ;; esac" };

        var result = await SharpNbdProgram.RunAsync(options, "sh", "-", "--run", $"{nbdinfo.Path} --size \"$uri\"");

        Assert.Equal($"{3 << 20}", result.Expect(0).Output.Trim());
    }

    [Fact]
    public async Task AParallelScriptIsRunForSeveralRequestsAtOnce()
    {
        // No read ends before all four have begun.
        await using var server = await SharpNbdProgram.StartAsync(
            "eval", Size, "thread_model=echo parallel",
            "pread=mkdir $tmpdir/$4; while [ $(ls $tmpdir | wc -l) -lt 4 ]; do sleep 0.01; done; head -c $3 /dev/zero");

        await Nbdsh.RunAsync(server.Uri, """
            h.connect_uri(uri)
            buffers = [nbd.Buffer(512) for _ in range(4)]
            cookies = [h.aio_pread(buffer, 512 * i) for i, buffer in enumerate(buffers)]
            while h.aio_in_flight() > 0:
                h.poll(-1)
            assert all(h.aio_command_completed(cookie) for cookie in cookies)
            """);
        await server.StopAsync();
    }

    [Fact]
    public async Task AScriptThatIsKilledFailsItsRequestAndTheNextOneWorks()
    {
        await using var server = await SharpNbdProgram.StartAsync("eval", Size, "pread=[ $4 = 0 ] && kill -9 $$; head -c $3 /dev/zero");

        await Nbdsh.RunAsync(server.Uri, """
            h.connect_uri(uri)
            assert errno_of(lambda: h.pread(512, 0)) == "EIO"
            assert h.pread(512, 512) == bytes(512)
            """);
        await server.Errors.WaitForAsync("pread was killed by signal 9");
        await server.StopAsync();
    }

    [Fact]
    public async Task AServerWithAScriptThatHangsStopsInTimeAndLeavesNothingBehind()
    {
        using var running = new Fifo(_directory["running"]);
        await using var server = await SharpNbdProgram.StartAsync(
            "eval", Size, $"pread=echo $$ $tmpdir > {running.Path}; sleep 1000; true");
        using var client = RawClient.Open(server.SocketPath);
        client.Send(RawClient.Read, cookie: 1, offset: 0, length: 512);
        var words = (await running.ReadLineAsync()).Split(' ');

        await server.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(30));

        Assert.False(Directory.Exists($"/proc/{words[0]}"), "the script is still there");
        Assert.False(Directory.Exists(words[1]), "the scripts' directory is still there");
    }

    [Fact]
    public async Task NoDescriptorsAreLeftOverOrHandedToScripts()
    {
        const string count = "ls -l /proc/self/fd | grep -c pipe:";
        await using var server = await SharpNbdProgram.StartAsync(
            "eval", Size, "thread_model=echo parallel", $"get_ready={count} > {_directory["alone"]}",
            $"pread={count} >> {_directory["many"]}; head -c $3 /dev/zero", "pwrite=cat > /dev/null");
        const string use = """
            h.connect_uri(uri)
            buffers = [nbd.Buffer(512) for _ in range(64)]
            for i, buffer in enumerate(buffers):
                h.aio_pread(buffer, 512 * i)
            while h.aio_in_flight() > 0:
                h.poll(-1)
            h.pwrite(bytes(4096), 0)
            h.shutdown()
            """;
        await Nbdsh.RunAsync(server.Uri, use);
        var before = OpenPipes(server);
        await Nbdsh.RunAsync(server.Uri, use);

        Assert.Equal(before, OpenPipes(server));

        // A script that runs beside others has no more pipes than one that runs alone.
        var alone = File.ReadAllText(_directory["alone"]).Trim();
        Assert.All(File.ReadAllLines(_directory["many"]), line => Assert.Equal(alone, line));
        await server.StopAsync();
    }

    [Theory]
    [InlineData(4, "OK", "ESHUTDOWN")]
    [InlineData(5, "EIO", "ESHUTDOWN")]
    public async Task AScriptMayStopTheServer(int status, string first, string second)
    {
        await using var server = await SharpNbdProgram.StartAsync("eval", Size, $"pread=head -c $3 /dev/zero; exit {status}");

        await Nbdsh.RunAsync(server.Uri, $"""
            h.connect_uri(uri)
            assert errno_of(lambda: h.pread(512, 0)) in ("{first}", "{second}", "ENOTCONN")
            """);

        Assert.Equal(0, await server.WaitForExitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(6, "ENOTCONN", "EINVAL")] // libnbd does not send on a dead connection
    [InlineData(7, "OK", "ESHUTDOWN")]
    [InlineData(8, "EINVAL", "ESHUTDOWN")]
    public async Task AScriptMayEndTheConnectionAndTheServerGoesOn(int status, string first, string second)
    {
        await using var server = await SharpNbdProgram.StartAsync(
            "eval", Size, $"pread=[ $4 = 0 ] || exec head -c $3 /dev/zero; head -c $3 /dev/zero; echo EINVAL enough >&2; exit {status}");

        await Nbdsh.RunAsync(server.Uri, $"""
            h.connect_uri(uri)
            assert errno_of(lambda: h.pread(512, 0)) == "{first}"
            got = errno_of(lambda: h.pread(512, 512))
            assert got == "{second}", got
            h = nbd.NBD()
            h.connect_uri(uri)
            assert h.pread(512, 512) == bytes(512)
            """);
        await server.StopAsync();
    }

    [Theory]
    [InlineData("there is no such file", "sh", "/nonexistent/disk.sh")]
    [InlineData("script", "sh")]
    [InlineData("no method config", "eval", Size, Zeroes, "key=1")]
    [InlineData("this is the reason", "eval", Size, Zeroes, "get_ready=echo this is the reason >&2; exit 1")]
    [InlineData("this is the reason", "eval", Size, Zeroes, "after_fork=echo this is the reason >&2; exit 1")]
    public async Task AScriptThatCannotStartIsNamedInOneLine(string names, params string[] arguments)
    {
        var result = await SharpNbdProgram.RunAsync(["-f", "-U", _directory["socket"], .. arguments]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(names, Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    private static int OpenPipes(ServerProgram server)
        => Directory.GetFiles($"/proc/{server.ProcessId}/fd").Count(path => new FileInfo(path).LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);

    // The URI holds the socket's name, and what an export is not asked about nbdkit does not tell.
    private static async Task<string> DescribeAsync(Tool nbdinfo, ServerProgram server)
    {
        var root = JsonNode.Parse(await nbdinfo.OutputAsync("--list", "--json", server.Uri))!;
        foreach (var export in root["exports"]!.AsArray().Select(export => export!.AsObject()))
        {
            export.Remove("uri");
            foreach (var name in export.Select(property => property.Key).Where(key => key.StartsWith("block_", StringComparison.Ordinal)).ToList())
            {
                export.Remove(name);
            }
        }

        return root.ToJsonString();
    }
}

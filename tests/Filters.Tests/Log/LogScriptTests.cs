using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

public sealed class LogScriptTests
{
    [Fact]
    public async Task The_script_runs_for_every_line_with_its_fields_as_variables()
    {
        using var directory = new TemporaryDirectory();
        var script = $"echo \"$type $act $connection,$id,$return,$error,$offset,$count,$fua,$thread_model\" >> {directory["out"]}";
        await using var session = await LogSession.StartAsync(new RecordingDisk { Fails = Broken }, $"logscript={script}");
        var disk = await session.OpenAsync();
        await DiskCalls.MakeAsync(disk, "pwrite");
        await Assert.ThrowsAsync<NbdException>(() => DiskCalls.MakeAsync(disk, "pread"));
        await disk.DisposeAsync();

        Assert.Equal(
        [
            "PRINT Ready ,,,,,,,3",
            "PRINT Connect 1,,,,,,2,",
            "ENTER Write 1,1,,,0x0,0x200,0,",
            "LEAVE Write 1,1,0,,,,,",
            "ENTER Read 1,2,,,0x0,0x200,,",
            "LEAVE Read 1,2,-1,EIO,,,,",
            "PRINT Disconnect 1,,,,,,,",
        ], await File.ReadAllLinesAsync(directory["out"]));
        Assert.Equal(7, session.Lines.Length);

        static Exception? Broken(DiskCall call) => call.Operation == DiskOperation.Read ? new NbdException(NbdError.EIO, "no") : null;
    }

    [Fact]
    public async Task A_name_cannot_be_run_by_the_script()
    {
        using var directory = new TemporaryDirectory();
        const string name = "$(id) `id` \"; id #\\\n'";
        await using var session = await LogSession.StartAsync(
            new RecordingDisk(), $"logscript=[ $act = Connect ] && printf %s \"$export\" > {directory["out"]}");

        await session.OpenAsync(name);

        Assert.Equal(name, await File.ReadAllTextAsync(directory["out"]));
    }

    [Fact]
    public async Task A_request_goes_on_when_the_script_of_its_line_has_ended()
    {
        var inner = new RecordingDisk();
        using var directory = new TemporaryDirectory();
        using var gate = new Fifo(directory["gate"]);
        await using var session = await LogSession.StartAsync(inner, $"logscript=[ $type = ENTER ] && read line < {gate.Path}");
        var disk = await session.OpenAsync();

        var read = DiskCalls.MakeAsync(disk, "pread");
        Assert.Empty(inner.Calls);
        gate.Abandon();
        await read;

        Assert.Single(inner.Calls);
    }

    [Fact]
    public async Task A_request_that_is_cancelled_does_not_wait_for_the_script()
    {
        using var cancellation = new CancellationTokenSource();
        using var directory = new TemporaryDirectory();
        using var gate = new Fifo(directory["gate"]);
        using var end = new Fifo(directory["end"]);
        await using var session = await LogSession.StartAsync(
            new RecordingDisk(), $"logscript=[ $act$type = ReadENTER ] && read line < {gate.Path} && echo end > {end.Path}");
        var disk = await session.OpenAsync();
        var read = DiskCalls.MakeAsync(disk, "pread", cancellation.Token);
        Assert.False(read.IsCompleted);

        await cancellation.CancelAsync();
        await read;

        // The script itself was left alone and comes to its end.
        gate.Abandon();
        Assert.Equal("end", await end.ReadLineAsync());
    }

    [Fact]
    public async Task What_the_script_returns_changes_nothing()
    {
        await using var session = await LogSession.StartAsync(new RecordingDisk(), "logscript=exit 3");
        var disk = await session.OpenAsync();

        await DiskCalls.MakeAsync(disk, "pread");

        Assert.Empty(session.Logger.Messages);
    }

    [Fact]
    public async Task The_script_has_no_standard_input()
    {
        using var directory = new TemporaryDirectory();
        await using var session = await LogSession.StartAsync(new RecordingDisk(), $"logscript=cat > {directory["out"]}");

        Assert.Empty(await File.ReadAllBytesAsync(directory["out"]));
    }

    [Fact]
    public async Task A_script_that_cannot_be_run_is_reported_and_does_no_harm()
    {
        // Longer than what the kernel takes as one argument.
        await using var session = await LogSession.StartAsync(new RecordingDisk(), $"logscript=true {new string('x', 1 << 20)}");
        var disk = await session.OpenAsync();

        await DiskCalls.MakeAsync(disk, "pread");

        Assert.All(session.Logger.Messages, message => Assert.StartsWith("Error: the log script cannot be run: ", message, StringComparison.Ordinal));
        Assert.Equal(4, session.Logger.Messages.Count);
    }

    [Theory]
    [InlineData("bash", true, "echo ${#exports[@]}:${exports[0]}:${exports[1]}:$return", "2:it's $1:b:0")]
    [InlineData("sh", false, "echo \"$exports:$return\"", "(\"it's \\$1\" b):0")]
    public async Task A_list_is_an_array_where_the_shell_has_arrays(string shell, bool withArrays, string script, string expected)
    {
        var text = LogLine.Begin(DateTime.UnixEpoch, new LogEvent(LogAction.ListExports, Id: 7), LogPhase.Leave)
            .Exports([new ExportInfo("it's $1"), new ExportInfo("b")]).Succeeded().ForScript(script, withArrays);

        Assert.Equal(expected + "\n", await Tool.Require(shell).OutputAsync("-c", text));
        Assert.StartsWith("act=ListExports\ntype=LEAVE\nid=7\nexports=", text, StringComparison.Ordinal);
    }
}

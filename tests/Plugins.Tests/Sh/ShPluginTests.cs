using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class ShPluginTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("#!/bin/sh\n")]
    [InlineData("")]
    public async Task AScriptNeedsNoFirstLine(string firstLine)
    {
        await using var disk = await PluginRunner.OpenAsync(new ShPlugin(), $"script={Script(firstLine + "case $1 in get_size) echo 1M;; *) exit 2;; esac")}");
        Assert.Equal(1 << 20, disk.Size);
    }

    [Fact]
    public async Task ParametersReachTheScriptInTheirOrder()
    {
        var script = Script($"""
            #!/bin/sh
            case $1 in
                load | config | config_complete | get_ready | after_fork | unload) echo "$*" >> {_directory["log"]} ;;
                magic_config_key) echo file ;;
                *) exit 2 ;;
            esac
            """);
        var source = await PluginRunner.CreateAsync(new ShPlugin(), $"script={script}", "script=one", "key=a b", "script=two");
        await source.ReadyAsync(source.ThreadModel, CancellationToken.None);
        await source.StartedAsync(CancellationToken.None);
        await source.DisposeAsync();

        Assert.Equal(
            ["load", "config file one", "config key a b", "config file two", "config_complete", "get_ready", "after_fork", "unload"],
            File.ReadAllLines(_directory["log"]));
    }

    [Theory]
    [InlineData("the parameter script=FILE|- is missing")]
    [InlineData("there is no such file", "script=/nonexistent/x.sh")]
    [InlineData("this is a directory", "script=/")]
    [InlineData("/etc/passwd cannot be run: Permission denied", "script=/etc/passwd")]
    public async Task AWrongScriptIsNamed(string message, params string[] words)
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => PluginRunner.CreateAsync(new ShPlugin(), words).AsTask());
        Assert.True(failure is ParameterException or NbdException, $"{failure}");
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWordWithoutKeyNeedsAMagicKey()
    {
        var failure = await Assert.ThrowsAsync<ParameterException>(
            () => PluginRunner.CreateAsync(new ShPlugin(), $"script={Script("#!/bin/sh\nexit 2")}", "script=one").AsTask());
        Assert.Equal("'one' is not KEY=VALUE, and the script takes no value without a key", failure.Message);
    }

    [Fact]
    public async Task AScriptThatHangsIsKilledWithItsChildrenSomeTimeAfterItsClientIsGone()
    {
        var time = new ManualTime();
        using var running = new Fifo(_directory["running"]);
        await using var source = await HangingAsync(time, default);
        using var gone = new CancellationTokenSource();
        var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        var read = disk.ReadAsync(0, new byte[512], gone.Token).AsTask();
        await running.ReadLineAsync();

        // The script may have begun before the thread that watches it.
        gone.Cancel();
        await time.WaitForTimersAsync(1);
        time.Advance(ScriptHost.VanishedPatience - TimeSpan.FromTicks(1));
        Assert.False(read.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task AScriptThatHangsIsKilledWhenTheServerStops()
    {
        var time = new ManualTime();
        using var running = new Fifo(_directory["running"]);
        using var stopping = new CancellationTokenSource();
        await using var source = await HangingAsync(time, stopping.Token);
        var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        var read = disk.ReadAsync(0, new byte[512], CancellationToken.None).AsTask();
        await running.ReadLineAsync();

        stopping.Cancel();
        time.Advance(ScriptHost.StopPatience);

        Assert.Equal(NbdError.ESHUTDOWN, (await Assert.ThrowsAsync<NbdException>(() => read)).Error);
    }

    [Theory]
    [InlineData(4, true, true, "")]
    [InlineData(5, false, true, "")]
    [InlineData(6, false, false, "Now")]
    [InlineData(7, true, false, "Soft")]
    [InlineData(8, false, false, "Soft")]
    public async Task AScriptMayEndTheServerOrTheConnection(int status, bool succeeds, bool stops, string disconnects)
    {
        var hasStopped = false;
        var disconnections = new List<Disconnection>();
        var context = new ComponentContext(NullLogger.Instance, TimeProvider.System) { Stop = () => hasStopped = true };
        var script = Script($"#!/bin/sh\ncase $1 in get_size) echo 1M;; pread) head -c $3 /dev/zero; exit {status};; *) exit 2;; esac");
        await using var source = await new ShPlugin().CreateAsync([new("script", script)], context, CancellationToken.None);
        await using var disk = await source.OpenAsync(new OpenRequest { Disconnect = disconnections.Add }, CancellationToken.None);

        var failure = await Record.ExceptionAsync(() => disk.ReadAsync(0, new byte[512], CancellationToken.None).AsTask());

        Assert.Equal(succeeds, failure is null);
        Assert.Equal(stops, hasStopped);
        Assert.Equal(disconnects, string.Join(' ', disconnections));
    }

    [Fact]
    public async Task DumpPluginTellsWhatTheScriptSays()
    {
        var script = Script("#!/bin/sh\ncase $1 in thread_model) echo parallel;; dump_plugin) printf 'one=1\\ntwo=2\\n';; *) exit 2;; esac");
        var description = await new ShPlugin().DescribeAsync(
            [new("script", script)], new ComponentContext(NullLogger.Instance, TimeProvider.System), CancellationToken.None);
        Assert.Equal(ThreadModel.Parallel, description.ThreadModel);
        Assert.Equal(["max_known_status=8", "one=1", "two=2"], description.Lines);
    }

    private async Task<DiskSource> HangingAsync(TimeProvider time, CancellationToken stopping)
    {
        // The child holds the pipe: if it were left alive, the read would not end.
        var script = Script($"#!/bin/sh\ncase $1 in get_size) echo 1M;; pread) echo > {_directory["running"]}; sleep 1000; exit 0;; *) exit 2;; esac");
        var context = new ComponentContext(NullLogger.Instance, time) { Stopping = stopping };
        return await new ShPlugin().CreateAsync([new("script", script)], context, CancellationToken.None);
    }

    private string Script(string text) => _directory.WriteScript("script.sh", text);
}

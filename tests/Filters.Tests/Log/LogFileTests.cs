using System.Text.RegularExpressions;
using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

public sealed partial class LogFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingLogger _logger = new();

    [Fact]
    public async Task An_existing_log_is_emptied_but_not_before_the_server_is_ready()
    {
        var path = _directory.Write("log", "old\n"u8);
        var source = new FilterUnderTest(new LogFilter()).Wrap(new StaticSource(new RecordingDisk()), $"logfile={path}");
        Assert.Equal("old\n", await File.ReadAllTextAsync(path));

        await source.ReadyAsync(ThreadModel.Parallel, default);

        Assert.Equal("2030-01-01 12:00:00.000000 Ready thread_model=3\n", await File.ReadAllTextAsync(path));
        await source.DisposeAsync();
    }

    [Fact]
    public async Task An_existing_log_can_be_continued()
    {
        var path = _directory.Write("log", "old\n"u8);
        var source = new FilterUnderTest(new LogFilter()).Wrap(new StaticSource(new RecordingDisk()), $"logfile={path}", "logappend=true");

        await source.ReadyAsync(ThreadModel.Parallel, default);

        Assert.Equal("old\n2030-01-01 12:00:00.000000 Ready thread_model=3\n", await File.ReadAllTextAsync(path));
        await source.DisposeAsync();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Either_way_of_writing_truncates_or_appends(bool isPortable, bool append)
    {
        var path = _directory.Write("log", "old\n"u8);
        using (var file = Open(path, isPortable, append))
        {
            file.Write("one\n"u8);
            file.Write("two\n"u8);
        }

        Assert.Equal((append ? "old\n" : "") + "one\ntwo\n", File.ReadAllText(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_of_many_threads_are_never_mixed(bool isPortable)
    {
        const int threads = 4, lines = 2000;
        using var file = Open(_directory["log"], isPortable, append: false);

        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < lines; i++)
            {
                file.Write(LogLine.Begin(DateTime.UnixEpoch, new LogEvent(LogAction.Read, thread + 1, i + 1), LogPhase.Enter)
                    .Range(i, thread).ForFile());
            }
        })));

        var written = await File.ReadAllLinesAsync(_directory["log"]);
        Assert.Equal(threads * lines, written.Distinct().Count());
        Assert.All(written, line => Assert.Matches(ReadLine(), line));
    }

    [Fact]
    public void Two_servers_can_share_a_log()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux is asked to append");
        using var first = LogFile.Open(_directory["log"], append: true, _logger);
        using var second = LogFile.Open(_directory["log"], append: true, _logger);

        first.Write("one\n"u8);
        second.Write("two\n"u8);
        first.Write("three\n"u8);

        Assert.Equal("one\ntwo\nthree\n", File.ReadAllText(_directory["log"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lines_that_are_lost_are_reported_once_and_do_no_harm(bool isPortable)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        using var file = Open("/dev/full", isPortable, append: true);

        file.Write("one\n"u8);
        file.Write("two\n"u8);

        Assert.StartsWith("Error: lines of the log are lost: ", Assert.Single(_logger.Messages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nonexistent/log")]
    [InlineData("/")]
    public async Task A_file_that_cannot_be_opened_ends_the_start(string path)
    {
        var source = new FilterUnderTest(new LogFilter()).Wrap(new StaticSource(new RecordingDisk()), $"logfile={path}");

        var failure = await Assert.ThrowsAsync<ParameterException>(async () => await source.ReadyAsync(ThreadModel.Parallel, default));

        Assert.StartsWith($"logfile={path}: ", failure.Message, StringComparison.Ordinal);
        await source.DisposeAsync();
    }

    [Fact]
    public async Task Requests_that_the_disk_answers_at_once_allocate_nothing()
    {
        await using var session = await LogSession.StartAsync(new ArraySource(new byte[1 << 16]), TimeProvider.System);
        var disk = await session.OpenAsync();
        var buffer = new byte[4096];

        // What a request allocates shows in every round; the runtime's own doings, such as compiling, do not.
        Assert.Equal(0, Enumerable.Range(0, 10).Min(_ => Allocated(disk, buffer)));

        // All of it completes at once, so the thread is the same one throughout.
        static long Allocated(Disk disk, byte[] buffer)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++)
            {
                Assert.True(disk.ReadAsync(0, buffer, default).AsTask().IsCompletedSuccessfully);
                Assert.True(disk.WriteAsync(4096, buffer, WriteFlags.Fua, default).AsTask().IsCompletedSuccessfully);
                Assert.True(disk.FlushAsync(default).AsTask().IsCompletedSuccessfully);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    public void Dispose() => _directory.Dispose();

    private LogFile Open(string path, bool isPortable, bool append)
        => isPortable ? LogFile.OpenPortably(path, append, _logger) : LogFile.Open(path, append, _logger);

    [GeneratedRegex(@"^1970-01-01 00:00:00\.000000 connection=\d Read id=\d+ offset=0x[0-9a-f]+ count=0x[0-3] \.\.\.$")]
    private static partial Regex ReadLine();
}

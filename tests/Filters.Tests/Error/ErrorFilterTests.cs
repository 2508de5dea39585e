using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

public sealed class ErrorFilterTests
{
    private readonly FilterUnderTest _filter = new(new ErrorFilter());
    private readonly RecordingDisk _inner = new();

    [Theory]
    [InlineData("")]
    [InlineData("error=EPERM")]
    [InlineData("error-rate=0")]
    [InlineData("error-rate=100% error-rate=0%")]
    [InlineData("error-pread-rate=1 error-rate=0")]
    public void A_filter_that_never_fails_anything_is_not_there(string parameters)
    {
        var source = new StaticSource(_inner);

        Assert.Same(source, _filter.Wrap(source, Split(parameters)));
    }

    [Theory]
    [InlineData("error-rate=1", "pread pwrite trim zero extents cache")]
    [InlineData("error-rate=100%", "pread pwrite trim zero extents cache")]
    [InlineData("error-pread-rate=1", "pread")]
    [InlineData("error-pwrite-rate=1", "pwrite")]
    [InlineData("error-trim-rate=1", "trim")]
    [InlineData("error-zero-rate=1", "zero")]
    [InlineData("error-extents-rate=1", "extents")]
    [InlineData("error-cache-rate=1", "cache")]
    [InlineData("error-flush-rate=1", "flush")]
    [InlineData("error-rate=1 error-pread-rate=0", "pwrite trim zero extents cache")]
    [InlineData("error-pread-rate=0 error-rate=1", "pread pwrite trim zero extents cache")]
    [InlineData("error-rate=1 error-file=/nonexistent", "")]
    [InlineData("error-rate=1 error-file=/nonexistent error-pread-file=/", "pread")]
    [InlineData("error-rate=1 error-pread-file=/ error-file=/nonexistent", "")]
    [InlineData("error-rate=1 error-pread-file=/nonexistent", "pwrite trim zero extents cache")]
    [InlineData("error-rate=1 error-flush-rate=1 error-file=/nonexistent", "")]
    public async Task The_last_word_on_an_operation_counts(string parameters, string failing)
    {
        var disk = await _filter.OpenAsync(_inner, Split(parameters));

        Assert.Equal(Split(failing), await DiskCalls.FailingAsync(disk));
        Assert.Equal(DiskCalls.Names.Length - Split(failing).Length, _inner.Calls.Count);
    }

    [Theory]
    [InlineData("error-pread-rate=1", NbdError.EIO)]
    [InlineData("error-pread-rate=1 error=ENOSPC", NbdError.ENOSPC)]
    [InlineData("error-pread-rate=1 error=ENOSPC error-pread=EPERM", NbdError.EPERM)]
    [InlineData("error-pread-rate=1 error-pread=EPERM error=ENOSPC", NbdError.ENOSPC)]
    [InlineData("error-pread-rate=1 error-pread=ENOMEM", NbdError.ENOMEM)]
    [InlineData("error-pread-rate=1 error-pread=EINVAL", NbdError.EINVAL)]
    [InlineData("error-pread-rate=1 error-pread=ESHUTDOWN", NbdError.ESHUTDOWN)]
    public async Task The_error_is_the_last_one_that_was_named(string parameters, NbdError expected)
    {
        var disk = await _filter.OpenAsync(_inner, Split(parameters));

        var failure = await Assert.ThrowsAsync<NbdException>(() => DiskCalls.MakeAsync(disk, "pread"));

        Assert.Equal(expected, failure.Error);
        Assert.True(failure.IsLogged);
        Assert.Equal([$"Error: injecting {expected} error into pread"], _filter.Logger.Messages);
    }

    [Theory]
    [InlineData("error=eio")]
    [InlineData("error=5")]
    [InlineData("error=EROFS")]
    [InlineData("error-trim=ENOTSUP")]
    [InlineData("error-cache=EOVERFLOW")]
    [InlineData("error-open=None")]
    public void An_unknown_error_is_refused_with_the_names_that_are_known(string parameter)
    {
        var failure = Assert.Throws<ParameterException>(() => _filter.Wrap(new StaticSource(_inner), parameter));

        Assert.Equal($"{parameter}: one of EPERM EIO ENOMEM EINVAL ENOSPC ESHUTDOWN, in capitals, is needed", failure.Message);
    }

    [Theory]
    [InlineData("error-rate=100")]
    [InlineData("error-rate=-1")]
    [InlineData("error-rate=101%")]
    [InlineData("error-zero-rate=abc")]
    [InlineData("error-rate=")]
    public void A_rate_that_is_none_is_refused(string parameter)
        => Assert.Throws<ParameterException>(() => _filter.Wrap(new StaticSource(_inner), parameter));

    [Fact]
    public async Task The_file_switches_errors_on_and_off()
    {
        using var directory = new TemporaryDirectory();
        var disk = await _filter.OpenAsync(_inner, "error-rate=1", $"error-file={directory["now"]}");

        Assert.Empty(await DiskCalls.FailingAsync(disk));
        directory.Write("now", []);
        Assert.Equal(6, (await DiskCalls.FailingAsync(disk)).Length);
        File.Delete(directory["now"]);
        Assert.Empty(await DiskCalls.FailingAsync(disk));
    }

    [Fact]
    public async Task Looking_for_the_file_allocates_nothing()
    {
        var disk = await _filter.OpenAsync(new ArraySource(new byte[4096]), "error-rate=1", "error-file=/nonexistent/now");
        var buffer = new byte[512];

        // What a request allocates shows in every round; the runtime's own doings, such as compiling, do not.
        Assert.Equal(0, Enumerable.Range(0, 10).Min(_ => Allocated(disk, buffer)));

        static long Allocated(Disk disk, byte[] buffer)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++)
            {
                Assert.True(disk.ReadAsync(0, buffer, default).AsTask().IsCompletedSuccessfully);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task Opening_fails_only_when_asked_for()
    {
        var source = new StaticSource(_inner);

        var failure = await Assert.ThrowsAsync<NbdException>(() => OpenAsync(_filter.Wrap(source, "error-open-rate=1", "error-open=ENOMEM")));
        await OpenAsync(_filter.Wrap(source, "error-rate=1"));

        Assert.Equal(NbdError.ENOMEM, failure.Error);
        Assert.Single(source.Requests);
    }

    [Fact]
    public async Task Chance_lets_about_as_many_fail_as_the_rate_says()
    {
        var disk = await _filter.OpenAsync(_inner, "error-pread-rate=1:4", "error-seed=7");

        var pattern = await PatternAsync(disk, 4000);

        Assert.InRange(pattern.Count(failed => failed), 900, 1100);
    }

    [Fact]
    public async Task A_seed_makes_the_same_requests_fail_again()
    {
        var first = await PatternAsync(await _filter.OpenAsync(_inner, "error-rate=50%", "error-seed=42"), 64);
        var again = await PatternAsync(await _filter.OpenAsync(_inner, "error-rate=50%", "error-seed=42"), 64);
        var other = await PatternAsync(await _filter.OpenAsync(_inner, "error-rate=50%", "error-seed=43"), 64);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task Two_runs_without_a_seed_differ()
    {
        var first = await PatternAsync(await _filter.OpenAsync(_inner, "error-rate=50%"), 128);
        var second = await PatternAsync(await _filter.OpenAsync(_inner, "error-rate=50%"), 128);

        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData("error-pread-rate=1", false)]
    [InlineData("error-pwrite-rate=1", true)]
    public async Task Bytes_are_lent_only_past_a_filter_that_leaves_reads_alone(string parameter, bool isLent)
    {
        var disk = await _filter.OpenAsync(new LendingDisk(), parameter);

        Assert.Equal(isLent, disk.TryLend(0, 512, out _));
    }

    private static string[] Split(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static async Task OpenAsync(DiskSource source) => await source.OpenAsync(new OpenRequest(), CancellationToken.None);

    private static async Task<bool[]> PatternAsync(Disk disk, int count)
    {
        var failed = new bool[count];
        for (var i = 0; i < count; i++)
        {
            failed[i] = await Record.ExceptionAsync(() => DiskCalls.MakeAsync(disk, "pread")) is not null;
        }

        return failed;
    }
}

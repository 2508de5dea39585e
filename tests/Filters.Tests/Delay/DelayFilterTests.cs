using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Filters.Tests;

public sealed class DelayFilterTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Moment = TimeSpan.FromTicks(1);

    private readonly FilterUnderTest _filter = new(new DelayFilter());
    private readonly RecordingDisk _inner = new();

    [Theory]
    [InlineData("")]
    [InlineData("rdelay=0")]
    [InlineData("wdelay=1 wdelay=0")]
    [InlineData("delay-fast-zero=true")]
    public void A_filter_without_delays_is_not_there(string parameters)
    {
        var source = new StaticSource(_inner);

        Assert.Same(source, _filter.Wrap(source, Split(parameters)));
    }

    [Theory]
    [InlineData("rdelay=40ms", "pread")]
    [InlineData("delay-read=40ms", "pread")]
    [InlineData("delay-reads=40ms", "pread")]
    [InlineData("wdelay=40ms", "pwrite trim zero")]
    [InlineData("delay-write=40ms", "pwrite")]
    [InlineData("delay-writes=40ms", "pwrite")]
    [InlineData("delay-zero=40ms", "zero")]
    [InlineData("delay-zeroes=40ms", "zero")]
    [InlineData("delay-trim=40ms", "trim")]
    [InlineData("delay-trims=40ms", "trim")]
    [InlineData("delay-discard=40ms", "trim")]
    [InlineData("delay-discards=40ms", "trim")]
    [InlineData("delay-extent=40ms", "extents")]
    [InlineData("delay-extents=40ms", "extents")]
    [InlineData("delay-cache=40ms", "cache")]
    [InlineData("delay-flush=40ms", "flush")]
    [InlineData("wdelay=40ms delay-trim=0", "pwrite zero")]
    [InlineData("delay-trim=0 wdelay=40ms", "pwrite trim zero")]
    [InlineData("delay-read=0 rdelay=40ms", "pread")]
    [InlineData("rdelay=40ms delay-read=0 wdelay=40ms", "pwrite trim zero")]
    [InlineData("rdelay=40ms delay-trigger=/nonexistent", "")]
    [InlineData("rdelay=40ms delay-trigger=/", "pread")]
    public async Task Only_what_was_asked_for_is_delayed(string parameters, string delayed)
    {
        var disk = await _filter.OpenAsync(_inner, Split(parameters));

        var calls = DiskCalls.Names.ToDictionary(name => name, name => DiskCalls.MakeAsync(disk, name));

        Assert.Equal(Split(delayed), calls.Where(call => !call.Value.IsCompleted).Select(call => call.Key));
        Assert.Equal(calls.Count - Split(delayed).Length, _inner.Calls.Count);
        _filter.Time.Advance(Delay);
        await Task.WhenAll(calls.Values);
        Assert.Equal(calls.Count, _inner.Calls.Count);
    }

    [Fact]
    public async Task A_request_reaches_the_disk_when_its_time_has_come_and_not_before()
    {
        var disk = await _filter.OpenAsync(_inner, "rdelay=40ms");
        var read = DiskCalls.MakeAsync(disk, "pread");

        _filter.Time.Advance(Delay - Moment);
        Assert.Empty(_inner.Calls);
        Assert.False(read.IsCompleted);

        _filter.Time.Advance(Moment);
        await read;
        Assert.Single(_inner.Calls);
    }

    [Fact]
    public async Task Requests_wait_side_by_side()
    {
        var disk = await _filter.OpenAsync(_inner, "rdelay=40ms");
        var reads = Enumerable.Range(0, 16).Select(_ => DiskCalls.MakeAsync(disk, "pread")).ToArray();

        _filter.Time.Advance(Delay);

        await Task.WhenAll(reads);
    }

    [Fact]
    public async Task What_is_delayed_arrives_unchanged()
    {
        var disk = await _filter.OpenAsync(_inner, "wdelay=40ms");
        var write = disk.WriteAsync(1024, new byte[] { 1, 2, 3 }, WriteFlags.Fua, CancellationToken.None).AsTask();
        var zero = disk.ZeroAsync(new ByteRange(5, 7), ZeroFlags.MayTrim | ZeroFlags.Fast, CancellationToken.None).AsTask();
        var trim = disk.TrimAsync(new ByteRange(6, 8), WriteFlags.Fua, CancellationToken.None).AsTask();

        _filter.Time.Advance(Delay);
        await Task.WhenAll(write, zero, trim);

        Assert.Equal(["Trim 6+8 flags=1", "Write 1024+3 flags=1", "Zero 5+7 flags=6"], _inner.Calls.Select(call => call.ToString()).Order());
        Assert.Equal([1, 2, 3], _inner.Calls.Single(call => call.Operation == DiskOperation.Write).Data!);
    }

    [Fact]
    public async Task A_cancelled_request_ends_with_ESHUTDOWN_and_never_reaches_the_disk()
    {
        using var cancellation = new CancellationTokenSource();
        var disk = await _filter.OpenAsync(_inner, "rdelay=40ms");
        var read = DiskCalls.MakeAsync(disk, "pread", cancellation.Token);

        await cancellation.CancelAsync();

        var failure = await Record.ExceptionAsync(() => read);
        Assert.Equal(NbdError.ESHUTDOWN, ErrorMapping.FromException(failure!));
        _filter.Time.Advance(Delay);
        Assert.Empty(_inner.Calls);
    }

    [Fact]
    public async Task Fast_zeroes_can_be_refused_at_once()
    {
        var disk = await _filter.OpenAsync(_inner, "delay-zero=40ms", "delay-fast-zero=false");

        var failure = await Assert.ThrowsAsync<NbdException>(
            async () => await disk.ZeroAsync(new ByteRange(0, 512), ZeroFlags.Fast, CancellationToken.None));
        var slow = DiskCalls.MakeAsync(disk, "zero");

        Assert.Equal(NbdError.ENOTSUP, failure.Error);
        Assert.Empty(_inner.Calls);
        _filter.Time.Advance(Delay);
        await slow;
        Assert.Single(_inner.Calls);
    }

    [Fact]
    public async Task Opening_is_delayed()
    {
        var source = new StaticSource(_inner);
        var open = _filter.Wrap(source, "delay-open=40ms").OpenAsync(new OpenRequest(), CancellationToken.None).AsTask();

        Assert.Empty(source.Requests);
        _filter.Time.Advance(Delay);
        await open;
        Assert.Single(source.Requests);
    }

    [Fact]
    public async Task Closing_is_delayed()
    {
        var disk = await _filter.OpenAsync(_inner, "delay-close=40ms");
        var close = disk.DisposeAsync().AsTask();

        _filter.Time.Advance(Delay - Moment);
        Assert.Equal(0, _inner.CloseCount);
        _filter.Time.Advance(Moment);
        await close;
        Assert.Equal(1, _inner.CloseCount);
    }

    [Fact]
    public async Task A_client_that_vanished_is_not_waited_for()
    {
        using var vanished = new CancellationTokenSource();
        var source = _filter.Wrap(new StaticSource(_inner), "delay-close=40ms");
        var disk = await source.OpenAsync(new OpenRequest { ConnectionClosed = vanished.Token }, CancellationToken.None);
        var close = disk.DisposeAsync().AsTask();
        Assert.False(close.IsCompleted);

        await vanished.CancelAsync();

        await close;
        Assert.Equal(1, _inner.CloseCount);
    }

    [Fact]
    public async Task The_trigger_is_looked_for_at_each_request()
    {
        using var directory = new TemporaryDirectory();
        var disk = await _filter.OpenAsync(_inner, "rdelay=40ms", $"delay-trigger={directory["now"]}");

        await DiskCalls.MakeAsync(disk, "pread");
        directory.Write("now", []);
        var slow = DiskCalls.MakeAsync(disk, "pread");
        Assert.False(slow.IsCompleted);
        File.Delete(directory["now"]);
        await DiskCalls.MakeAsync(disk, "pread");

        _filter.Time.Advance(Delay);
        await slow;
    }

    [Theory]
    [InlineData("rdelay=x")]
    [InlineData("rdelay=-1")]
    [InlineData("wdelay=")]
    [InlineData("delay-open=1m")]
    public void A_delay_that_is_none_is_refused(string parameter)
        => Assert.Throws<ParameterException>(() => _filter.Wrap(new StaticSource(_inner), parameter));

    [Theory]
    [InlineData("rdelay=40ms", false)]
    [InlineData("wdelay=40ms", true)]
    public async Task Bytes_are_lent_only_past_a_filter_that_leaves_reads_alone(string parameter, bool isLent)
    {
        var disk = await _filter.OpenAsync(new LendingDisk(), parameter);

        Assert.Equal(isLent, disk.TryLend(0, 512, out _));
    }

    private static string[] Split(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

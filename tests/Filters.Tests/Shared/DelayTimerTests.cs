using System.Diagnostics;

namespace SharpNbd.Filters.Tests;

public sealed class DelayTimerTests : IDisposable
{
    private readonly DelayTimer _timer = new(TimeProvider.System);

    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1500)]
    [InlineData(20_000)]
    public async Task A_wait_never_ends_early(int microseconds)
    {
        var delay = TimeSpan.FromMicroseconds(microseconds);
        for (var i = 0; i < 20; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await _timer.WaitAsync(delay, CancellationToken.None);
            Assert.True(Stopwatch.GetElapsedTime(start) >= delay);
        }
    }

    [Fact]
    public async Task A_shorter_wait_that_comes_later_ends_first()
    {
        var endless = _timer.WaitAsync(TimeSpan.FromDays(1000), CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        var cancelled = _timer.WaitAsync(TimeSpan.FromHours(1), cancellation.Token);

        await _timer.WaitAsync(TimeSpan.FromMilliseconds(2), CancellationToken.None);

        Assert.False(cancelled.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(endless.IsCompleted);
    }

    [Fact]
    public async Task A_wait_whose_request_is_gone_already_is_cancelled()
        => await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _timer.WaitAsync(TimeSpan.FromHours(1), new CancellationToken(true)));

    [Fact]
    public async Task Many_waits_at_once_all_end()
        => await Task.WhenAll(Enumerable.Range(0, 500).Select(i => _timer.WaitAsync(TimeSpan.FromMicroseconds(i * 13 % 7000), CancellationToken.None)));

    public void Dispose() => _timer.Dispose();
}

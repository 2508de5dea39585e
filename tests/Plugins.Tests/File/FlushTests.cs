using SharpNbd.Abstractions;

namespace SharpNbd.Plugins.Tests;

/// <summary>What is acknowledged as stable is stable, and what was lost stays lost.</summary>
public sealed class FlushTests : IAsyncDisposable
{
    private readonly ControlledFile _file = new();
    private readonly IoThreads _threads = new("test", 16, TimeSpan.FromSeconds(10));
    private readonly FileDisk _disk;

    public FlushTests() => _disk = new FileDisk(_file, FileCacheMode.Default, _threads);

    [Fact]
    public async Task AFlushIsAnsweredOnlyWhenTheFileIsStable()
    {
        var flush = FlushAsync();
        await _file.FlushBegunAsync();
        Assert.False(flush.IsCompleted);

        _file.EndFlush();

        await flush;
    }

    [Fact]
    public async Task AWriteWithFuaIsAnsweredOnlyWhenTheFileIsStable()
    {
        var write = _disk.WriteAsync(0, "abc"u8.ToArray(), WriteFlags.Fua, CancellationToken.None).AsTask();
        await _file.FlushBegunAsync();
        Assert.False(write.IsCompleted);

        _file.EndFlush();

        await write;
    }

    [Fact]
    public async Task ATrimWithFuaIsAnsweredOnlyWhenTheFileIsStable()
    {
        var trim = _disk.TrimAsync(new ByteRange(0, 512), WriteFlags.Fua, CancellationToken.None).AsTask();
        await _file.FlushBegunAsync();
        Assert.False(trim.IsCompleted);

        _file.EndFlush();

        await trim;
    }

    [Fact]
    public async Task AFailedFlushIsReportedAndNoLaterOneSucceeds()
    {
        var flush = FlushAsync();
        await _file.FlushBegunAsync();
        _file.EndFlush(new NbdException(NbdError.ENOSPC, "lost"));

        Assert.Equal(NbdError.ENOSPC, (await Assert.ThrowsAsync<NbdException>(() => flush)).Error);
        Assert.Equal(NbdError.EIO, (await Assert.ThrowsAsync<NbdException>(FlushAsync)).Error);
        Assert.Equal(NbdError.EIO, (await Assert.ThrowsAsync<NbdException>(
            () => _disk.WriteAsync(0, new byte[1], WriteFlags.Fua, CancellationToken.None).AsTask())).Error);

        // A second try would report success for data that the kernel has thrown away.
        Assert.Equal(1, _file.FlushCount);
        await _disk.WriteAsync(0, new byte[1], WriteFlags.None, CancellationToken.None);
    }

    [Fact]
    public async Task FlushesThatArriveDuringOneShareTheNext()
    {
        var first = FlushAsync();
        await _file.FlushBegunAsync();
        var others = Enumerable.Range(0, 8).Select(_ => FlushAsync()).ToArray();
        await AllHaveJoinedAsync();

        _file.EndFlush();
        await first;
        await _file.FlushBegunAsync();
        Assert.All(others, other => Assert.False(other.IsCompleted));
        _file.EndFlush();

        await Task.WhenAll(others);
        Assert.Equal(2, _file.FlushCount);
        Assert.Equal(1, _file.MostAtOnce);
    }

    [Fact]
    public async Task AFailureReachesEveryFlushThatSharedIt()
    {
        var first = FlushAsync();
        await _file.FlushBegunAsync();
        var others = Enumerable.Range(0, 4).Select(_ => FlushAsync()).ToArray();
        await AllHaveJoinedAsync();

        _file.EndFlush();
        await first;
        await _file.FlushBegunAsync();
        _file.EndFlush(new NbdException(NbdError.EIO, "lost"));

        foreach (var other in others)
        {
            Assert.Equal(NbdError.EIO, (await Assert.ThrowsAsync<NbdException>(() => other)).Error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _disk.DisposeAsync();
        _threads.Dispose();
    }

    private Task FlushAsync() => _disk.FlushAsync(CancellationToken.None).AsTask();

    // The threads take work in order, and those of a join are free at once: with all but one of them busy, the last is behind the joins.
    private async Task AllHaveJoinedAsync()
    {
        var barrier = new BarrierWork(15);
        for (var thread = 0; thread < 15; thread++)
        {
            _threads.Queue(barrier);
        }

        await barrier.Passed;
    }
}

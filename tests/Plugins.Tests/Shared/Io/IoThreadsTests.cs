namespace SharpNbd.Plugins.Tests;

public sealed class IoThreadsTests
{
    [Fact]
    public async Task BlockingWorkGetsAsManyThreadsAsAllowed()
    {
        using var threads = new IoThreads("test", 4, TimeSpan.FromSeconds(10));
        var barrier = new BarrierWork(4);

        for (var work = 0; work < 4; work++)
        {
            threads.Queue(barrier);
        }

        await barrier.Passed;
        Assert.Equal(4, threads.Count);
    }

    [Fact]
    public async Task MoreWorkThanThreadsWaitsForItsTurn()
    {
        using var threads = new IoThreads("test", 2, TimeSpan.FromSeconds(10));
        using var gate = new ManualResetEventSlim();
        var results = Enumerable.Range(0, 10).Select(number => new ActionWork(() =>
        {
            gate.Wait();
            return number;
        })).ToArray();

        foreach (var work in results)
        {
            threads.Queue(work);
        }

        Assert.Equal(2, threads.Count);
        gate.Set();
        Assert.Equal(Enumerable.Range(0, 10), await Task.WhenAll(results.Select(work => work.Result)));
        Assert.Equal(2, threads.Count);
    }

    [Fact]
    public async Task AThreadIsUsedAgainInsteadOfAnother()
    {
        using var threads = new IoThreads("test", 1, TimeSpan.FromSeconds(10));
        var first = new ActionWork(() => Environment.CurrentManagedThreadId);
        threads.Queue(first);
        var second = new ActionWork(() => Environment.CurrentManagedThreadId);
        await first.Result;
        threads.Queue(second);

        Assert.Equal(await first.Result, await second.Result);
        Assert.NotEqual(Environment.CurrentManagedThreadId, await second.Result);
    }

    [Fact]
    public async Task AThreadThatIsNotNeededEndsAndAnotherOneIsStartedForNewWork()
    {
        using var threads = new IoThreads("test", 4, idleLimit: TimeSpan.Zero);
        var ended = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
        threads.Queue(new ActionWork(() =>
        {
            ended.SetResult(Thread.CurrentThread);
            return 0;
        }));
        Assert.True((await ended.Task).Join(TimeSpan.FromSeconds(30)));
        Assert.Equal(0, threads.Count);

        var work = new ActionWork(() => 5);
        threads.Queue(work);

        Assert.Equal(5, await work.Result);
    }

    [Fact]
    public async Task WhatIsQueuedIsDoneWhenTheThreadsAreToldToEnd()
    {
        var threads = new IoThreads("test", 1, TimeSpan.FromSeconds(10));
        using var gate = new ManualResetEventSlim();
        var blocked = new ActionWork(() =>
        {
            gate.Wait();
            return 1;
        });
        var last = new ActionWork(() => 2);
        threads.Queue(blocked);
        threads.Queue(last);

        threads.Dispose();
        gate.Set();

        Assert.Equal(2, await last.Result);
        Assert.Throws<ObjectDisposedException>(() => threads.Queue(last));
    }
}

namespace SharpNbd.Server.Tests;

/// <summary>The memory that all connections share.</summary>
public sealed class MemoryBudgetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MemoryBudget _budget = new(100);

    [Fact]
    public void NoMoreThanTheLimitIsTaken()
    {
        Assert.True(_budget.TryTake(60, TimeSpan.Zero));
        Assert.False(_budget.TryTake(41, TimeSpan.Zero));
        Assert.True(_budget.TryTake(40, TimeSpan.Zero));
        Assert.False(_budget.TryTake(1, TimeSpan.Zero));
    }

    [Fact]
    public void WhatComesBackIsTakenAgain()
    {
        Assert.True(_budget.TryTake(100, TimeSpan.Zero));
        _budget.Return(30);

        Assert.True(_budget.TryTake(30, TimeSpan.Zero));
        Assert.False(_budget.TryTake(1, TimeSpan.Zero));
    }

    [Fact]
    public async Task WhoWaitsGetsWhatComesBackInTime()
    {
        Assert.True(_budget.TryTake(100, TimeSpan.Zero));
        var first = Wait(50);
        var second = Wait(40);

        _budget.Return(40);
        _budget.Return(50);

        Assert.True(await first.WaitAsync(Patience));
        Assert.True(await second.WaitAsync(Patience));
        Assert.False(_budget.TryTake(11, TimeSpan.Zero));

        Task<bool> Wait(long bytes) => Task.Factory.StartNew(
            () => _budget.TryTake(bytes, Patience), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    [Fact]
    public void WhoWaitsForNothingGivesUp()
    {
        Assert.True(_budget.TryTake(100, TimeSpan.Zero));

        Assert.False(_budget.TryTake(1, TimeSpan.FromMilliseconds(10)));
    }
}

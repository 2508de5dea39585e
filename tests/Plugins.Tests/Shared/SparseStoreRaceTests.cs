using SharpNbd.Abstractions;

namespace SharpNbd.Plugins.Tests;

/// <summary>What must hold when a write and a release meet on one page. Each test makes them meet many times.</summary>
public sealed class SparseStoreRaceTests
{
    private const int Rounds = 20_000;

    private static int Page => PageMemory.Default.PageSize;

    /// <summary>The two ranges share a page, but no byte.</summary>
    [Fact]
    public async Task AReleaseNeverTakesANeighboursWrite()
    {
        using var store = new SparseStore(16 * Page, new TestPageMemory());
        var middle = (8 * Page) + 100;
        using var meeting = new Barrier(2);
        var release = StartThread(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                meeting.SignalAndWait();
                store.Zero(round % 2 == 0 ? new ByteRange(0, middle) : new ByteRange(middle + 8, (16 * Page) - middle - 8), release: true);
                meeting.SignalAndWait();
            }
        });

        var lost = 0;
        var written = new byte[8];
        var read = new byte[8];
        for (var round = 0; round < Rounds; round++)
        {
            BitConverter.TryWriteBytes(written, round + 1L);
            meeting.SignalAndWait();
            store.Write(middle, written);
            meeting.SignalAndWait();
            store.Read(middle, read);
            lost += read.AsSpan().SequenceEqual(written) ? 0 : 1;

            // From time to time the page starts as a hole again.
            if (round % 3 == 0)
            {
                store.Zero(new ByteRange(8 * Page, Page), release: true);
            }
        }

        await release;
        Assert.Equal(0, lost);
    }

    /// <summary>
    /// The ranges overlap: either content may be there afterwards. But what reads as zero then must stay so when a third
    /// request writes elsewhere in the page.
    /// </summary>
    [Fact]
    public async Task WhatARaceLeftBehindDoesNotComeBackLater()
    {
        using var store = new SparseStore(4 * Page, new TestPageMemory());
        using var meeting = new Barrier(2);
        var release = StartThread(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                meeting.SignalAndWait();
                Thread.SpinWait(round % 64);
                store.Zero(new ByteRange(0, Page), release: true);
                meeting.SignalAndWait();
            }
        });

        var data = new byte[Page / 2];
        data.AsSpan().Fill(7);
        var before = new byte[Page];
        var after = new byte[Page];
        var changed = 0;
        for (var round = 0; round < Rounds; round++)
        {
            store.Write(0, data);
            meeting.SignalAndWait();
            Thread.SpinWait(63 - (round % 64));
            store.Write(0, data);
            meeting.SignalAndWait();
            store.Read(0, before);
            store.Write(Page - 1, [1]);
            store.Read(0, after);
            changed += before.AsSpan(0, Page - 1).SequenceEqual(after.AsSpan(0, Page - 1)) ? 0 : 1;
        }

        await release;
        Assert.Equal(0, changed);
    }

    private static Task StartThread(Action action)
        => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}

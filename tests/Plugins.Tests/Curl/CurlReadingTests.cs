using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

/// <summary>How reads become requests to the server.</summary>
public sealed class CurlReadingTests : CurlTest
{
    private const int Block = 4096;

    [Fact]
    public async Task ReadsRunInParallelUpToTheNumberOfConnections()
    {
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var counting = new Lock();
        var (under, most) = (0, 0);
        Fault = request => File.Answer(request) with { Gate = request.Method == "GET" ? PassAsync() : Task.CompletedTask };
        var disk = await OpenAsync("connections=3");

        await Task.WhenAll(Enumerable.Range(0, 9).Select(i => ReadsRightAsync(disk, (9 - i) * 100_000, Block)));

        Assert.Equal(3, most);

        async Task PassAsync()
        {
            lock (counting)
            {
                most = Math.Max(most, ++under);
                if (most == 3)
                {
                    full.TrySetResult();
                }
            }

            await full.Task;
            lock (counting)
            {
                under--;
            }
        }
    }

    [Fact]
    public async Task NeighboursThatWaitShareARequest()
    {
        var first = new TaskCompletionSource();
        Fault = request => File.Answer(request) with { Gate = request.Method == "GET" ? first.Task : Task.CompletedTask };
        var disk = await OpenAsync("connections=1");

        // In a far-away place, and then from the end of the disk on: nothing is left to be read ahead.
        var busy = ReadsRightAsync(disk, 0, Block);
        var begin = Content.Length - (16 * Block);
        var reads = Enumerable.Range(0, 16).Select(i => ReadsRightAsync(disk, begin + (i * Block), Block)).ToArray();
        first.SetResult();
        await Task.WhenAll([busy, .. reads]);

        Assert.InRange(Gets.Count(), 2, 3);
    }

    [Fact]
    public async Task ASequentialReaderIsReadAheadFor()
    {
        var disk = await OpenAsync();
        for (var offset = 0; offset < Content.Length; offset += 8192)
        {
            await ReadsRightAsync(disk, offset, 8192);
        }

        Assert.InRange(Gets.Count(), 2, 10);
    }

    [Fact]
    public async Task SeveralStreamsAreReadAheadForAtOnce()
    {
        var disk = await OpenAsync();
        for (var offset = 0; offset < Content.Length / 2; offset += 8192)
        {
            await ReadsRightAsync(disk, offset, 8192);
            await ReadsRightAsync(disk, (Content.Length / 2) + offset, 8192);
        }

        Assert.InRange(Gets.Count(), 2, 16);
    }

    [Fact]
    public async Task ReadsHereAndThereAskForTheirBytesOnly()
    {
        var disk = await OpenAsync();
        int[] offsets = [500_000, 100_000, 900_000, 300_000, 700_000];
        foreach (var offset in offsets)
        {
            await ReadsRightAsync(disk, offset, 1000);
        }

        Assert.Equal(offsets.Select(offset => ((long)offset, (long)offset + 999)), Gets.Select(request => request.Range!.Value));
    }

    [Fact]
    public async Task NothingIsCached()
    {
        var disk = await OpenAsync();
        await ReadsRightAsync(disk, 500_000, 1000);
        await ReadsRightAsync(disk, 500_000, 1000);

        Assert.Equal(2, Gets.Count());
    }

    [Fact]
    public async Task WhatWasReadAheadIsForgottenAfterAWhile()
    {
        var disk = await OpenAsync(Time, Server.Url(), "connections=1");
        await ReadsRightAsync(disk, 0, Block);
        await ReadsRightAsync(disk, Block, Block);
        await ReadsRightAsync(disk, 200_000, Block);

        // On the only connection, so that what was read ahead is complete.
        await ReadsRightAsync(disk, 900_000, Block);
        Time.Advance(TimeSpan.FromSeconds(11));
        File.Content = new byte[Content.Length];

        Assert.Equal(new byte[Block], await ReadAsync(disk, 220_000, Block));
    }

    [Fact]
    public async Task WhatWasReadAheadIsForgottenAfterAWrite()
    {
        var source = Owns(await CreateAsync(new ComponentContext(Log, TimeProvider.System), $"url={Server.Url()}"));
        var disk = Owns(await source.OpenAsync(new OpenRequest(), CancellationToken.None));
        var other = Owns(await source.OpenAsync(new OpenRequest(), CancellationToken.None));
        await ReadsRightAsync(disk, 0, Block);
        await ReadsRightAsync(disk, Block, Block);
        await ReadsRightAsync(disk, 200_000, Block);

        await other.WriteAsync(210_000, "new"u8.ToArray(), WriteFlags.None, CancellationToken.None);

        Assert.Equal("new"u8.ToArray(), await ReadAsync(disk, 210_000, 3));
        Assert.Equal($"bytes 210000-210002/{Content.Length}", Server.Requests.Single(request => request.Method == "PUT")["Content-Range"]);
    }

    [Fact]
    public async Task AReadThatAWriteHasOvertakenIsMadeAgain()
    {
        var source = Owns(await CreateAsync(new ComponentContext(Log, TimeProvider.System), $"url={Server.Url()}"));
        var disk = Owns(await source.OpenAsync(new OpenRequest(), CancellationToken.None));
        var other = Owns(await source.OpenAsync(new OpenRequest(), CancellationToken.None));

        // The first answer comes when the write is done, from the version that it made.
        Fault = request =>
        {
            if (request.Method != "GET")
            {
                return null;
            }

            Fault = _ => null;
            other.WriteAsync(1000, "new"u8.ToArray(), WriteFlags.None, CancellationToken.None).AsTask().Wait();
            return File.Answer(request);
        };

        Assert.Equal("new"u8.ToArray(), (await ReadAsync(disk, 0, Block))[1000..1003]);
        Assert.Equal(2, Gets.Count());
    }

    [Fact]
    public async Task AFailureAheadFailsNothingThatWasNotThere()
    {
        // Only what nobody has asked for yet is broken.
        Fault = request => request.Method == "GET" && request.Range!.Value.Last >= 300_000 ? WebAnswer.Of("500 Bad Sector") : null;
        var disk = await OpenAsync();
        for (var offset = 0; offset + 10_000 <= 300_000; offset += 10_000)
        {
            await ReadsRightAsync(disk, offset, 10_000);
        }

        Assert.Contains("500 Bad Sector", await FailsAsync(() => ReadAsync(disk, 300_000, 10_000)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AReadThatNobodyWaitsForIsGivenUp()
    {
        var never = new TaskCompletionSource();
        var disk = await OpenAsync();
        Fault = request => File.Answer(request) with { Gate = never.Task };
        using var gone = new CancellationTokenSource();

        var read = disk.ReadAsync(0, new byte[512], gone.Token).AsTask();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await disk.DisposeAsync();
        never.SetResult();
    }

    [Fact]
    public async Task OnlyReadersMayUseSeveralConnections()
    {
        var source = Owns(await CreateAsync(new ComponentContext(Log, TimeProvider.System), $"url={Server.Url()}"));
        var writer = Owns(await source.OpenAsync(new OpenRequest(), CancellationToken.None));

        Assert.Equal((true, false), (writer.Capabilities.CanWrite, writer.Capabilities.CanMultiConn));
        Assert.Equal((false, true), ((await OpenAsync()).Capabilities.CanWrite, (await OpenAsync()).Capabilities.CanMultiConn));
    }
}

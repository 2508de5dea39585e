using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

public sealed class SerializingSourceTests
{
#if DEBUG
    private const string? OnlyOptimized = "the compiler makes every async method of a debug build allocate";
#else
    private const string? OnlyOptimized = null;
#endif

    [Fact]
    public async Task RequestsOfAConnectionWaitForEachOther()
    {
        var inner = new RecordingDisk { CompletesAtOnce = false };
        var source = new SerializingSource(new StaticSource(inner), ThreadModel.SerializeRequests);
        var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);

        var first = disk.ReadAsync(0, new byte[1], CancellationToken.None);
        var second = disk.WriteAsync(1, new byte[1], WriteFlags.None, CancellationToken.None);
        var third = disk.FlushAsync(CancellationToken.None);
        var read = await inner.NextCallAsync();
        Assert.Single(inner.Calls);
        read.Complete();
        var write = await inner.NextCallAsync();
        await first;
        Assert.Equal(2, inner.Calls.Count);
        write.Complete();
        (await inner.NextCallAsync()).Complete();
        await second;
        await third;

        Assert.Equal([DiskOperation.Read, DiskOperation.Write, DiskOperation.Flush], inner.Calls.Select(call => call.Operation));
    }

    [Fact]
    public async Task AFailedRequestLetsTheNextOneIn()
    {
        var inner = new RecordingDisk { Fails = call => call.Operation == DiskOperation.Trim ? new NbdException(NbdError.EIO, "broken") : null };
        var source = new SerializingSource(new StaticSource(inner), ThreadModel.SerializeRequests);
        var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);

        await Assert.ThrowsAsync<NbdException>(() => disk.TrimAsync(new ByteRange(0, 1), WriteFlags.None, CancellationToken.None).AsTask());
        await disk.ZeroAsync(new ByteRange(0, 1), ZeroFlags.None, CancellationToken.None);
        await disk.CacheAsync(new ByteRange(0, 1), CancellationToken.None);
        await disk.GetExtentsAsync(new ByteRange(0, 1), new ExtentList(new ByteRange(0, 1)), CancellationToken.None);

        Assert.Equal(4, inner.Calls.Count);
    }

    [Theory]
    [InlineData(ThreadModel.SerializeRequests, 2)]
    [InlineData(ThreadModel.SerializeAllRequests, 1)]
    public async Task OnlyTheStricterModelMakesConnectionsWaitForEachOther(ThreadModel model, int underWay)
    {
        var inner = new RecordingDisk { CompletesAtOnce = false };
        var source = new SerializingSource(new StaticSource(inner), model);
        var one = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        var two = await source.OpenAsync(new OpenRequest(), CancellationToken.None);

        var first = one.ReadAsync(0, new byte[1], CancellationToken.None);
        var second = two.ReadAsync(1, new byte[1], CancellationToken.None);

        Assert.Equal(underWay, inner.Calls.Count);
        (await inner.NextCallAsync()).Complete();
        (await inner.NextCallAsync()).Complete();
        await first;
        await second;
    }

    [Fact]
    public async Task TheNextConnectionWaitsUntilTheDiskIsClosed()
    {
        var inner = new StaticSource(_ => new RecordingDisk());
        var source = new SerializingSource(inner, ThreadModel.SerializeConnections);
        var first = await source.OpenAsync(new OpenRequest { ExportName = "1" }, CancellationToken.None);

        var second = source.OpenAsync(new OpenRequest { ExportName = "2" }, CancellationToken.None);
        await first.ReadAsync(0, new byte[1], CancellationToken.None);
        Assert.False(second.IsCompleted);
        Assert.Single(inner.Requests);
        await first.DisposeAsync();
        await (await second).DisposeAsync();

        Assert.Equal(["1", "2"], inner.Requests.Select(request => request.ExportName));
    }

    [Fact]
    public async Task AConnectionThatCannotOpenLetsTheNextOneIn()
    {
        var inner = new StaticSource(request => request.ExportName == "" ? throw new NbdException(NbdError.EIO, "broken") : new RecordingDisk());
        var source = new SerializingSource(inner, ThreadModel.SerializeConnections);

        await Assert.ThrowsAsync<NbdException>(() => source.OpenAsync(new OpenRequest(), CancellationToken.None).AsTask());
        await source.OpenAsync(new OpenRequest { ExportName = "x" }, CancellationToken.None);

        Assert.Equal(2, inner.Requests.Count);
    }

    [Fact]
    public async Task AClientThatLeavesWhileItWaitsDoesNotTakeATurn()
    {
        var source = new SerializingSource(new StaticSource(_ => new RecordingDisk()), ThreadModel.SerializeConnections);
        var first = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        using var gone = new CancellationTokenSource();
        var second = source.OpenAsync(new OpenRequest(), gone.Token);

        gone.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.AsTask());
        await first.DisposeAsync();

        await (await source.OpenAsync(new OpenRequest(), CancellationToken.None)).DisposeAsync();
    }

    [Fact(Skip = OnlyOptimized)]
    public async Task RequestsThatDoNotMeetAllocateNothing()
    {
        var source = new SerializingSource(new StaticSource(new QuietDisk()), ThreadModel.SerializeAllRequests);
        var disk = await source.OpenAsync(new OpenRequest(), CancellationToken.None);
        var buffer = new byte[512];

        Assert.Equal(0, Allocated());

        // The first round pays for what the runtime prepares once.
        long Allocated()
        {
            var before = 0L;
            for (var round = 0; round < 2; round++)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 100; i++)
                {
                    AssertCompleted(disk.ReadAsync(0, buffer, CancellationToken.None));
                }
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void AssertCompleted(ValueTask call) => Assert.True(call.IsCompletedSuccessfully);

    private sealed class QuietDisk : Disk
    {
        public override long Size => 1 << 20;

        public override DiskCapabilities Capabilities { get; } = new();

        public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}

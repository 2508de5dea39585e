using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

public sealed class EmulatingDiskTests
{
#if DEBUG
    private const string? OnlyOptimized = "the compiler makes every async method of a debug build allocate";
#else
    private const string? OnlyOptimized = null;
#endif

    private const int Chunk = 256 * 1024;

    private static readonly DiskCapabilities Writable = new() { CanWrite = true };
    private static readonly DiskCapabilities WritableWithFlush = new() { CanWrite = true, CanFlush = true };

    /// <summary>What the log filter of nbdkit 1.32.5 shows for plugins with such capabilities.</summary>
    [Fact]
    public void CapabilitiesFitTogetherAsInNbdkit()
    {
        // full and split: no zero, no flush.
        AssertCapabilities(Writable, Writable with { Zero = Support.Emulated, CanFastZero = true });

        // A script with can_flush.
        AssertCapabilities(
            WritableWithFlush, WritableWithFlush with { Zero = Support.Emulated, CanFastZero = true, Fua = Support.Emulated });

        // random: zero without fast zero.
        AssertCapabilities(Writable with { Zero = Support.Native }, Writable with { Zero = Support.Native });

        // memory.
        AssertCapabilities(RecordingDisk.Everything, RecordingDisk.Everything);
    }

    [Fact]
    public void ADiskThatCannotBeWrittenOffersNothingThatChangesIt()
    {
        var expected = new DiskCapabilities { CanFlush = true, CanExtents = true, CanMultiConn = true, Cache = Support.Native };

        AssertCapabilities(RecordingDisk.Everything with { CanWrite = false }, expected);
        Assert.Equal(expected, new EmulatingDisk(new RecordingDisk(), readOnly: true).Capabilities);
    }

    [Fact]
    public void FuaWithoutFlushOrTheDisksOwnIsNotOffered() => AssertCapabilities(
        Writable with { Fua = Support.Emulated }, Writable with { Zero = Support.Emulated, CanFastZero = true });

    [Fact]
    public async Task ZeroesAreWrittenInPieces()
    {
        var inner = new RecordingDisk { OfferedCapabilities = Writable };
        var disk = new EmulatingDisk(inner, readOnly: false);

        await disk.ZeroAsync(new ByteRange(1000, (2 * Chunk) + 5), ZeroFlags.MayTrim, CancellationToken.None);

        Assert.Equal(
            ["Write 1000+262144 flags=0", "Write 263144+262144 flags=0", "Write 525288+5 flags=0"], inner.Calls.Select(call => call.ToString()));
        Assert.All(inner.Calls, call => Assert.Equal(-1, call.Data.AsSpan().IndexOfAnyExcept((byte)0)));
    }

    [Fact]
    public async Task PiecesKeepToTheBlockSizes()
    {
        var inner = new RecordingDisk { OfferedCapabilities = Writable with { BlockSize = new BlockSize(4096, 4096, 10000) } };
        var disk = new EmulatingDisk(inner, readOnly: false);

        await disk.ZeroAsync(new ByteRange(4096, 20480), ZeroFlags.None, CancellationToken.None);

        Assert.Equal(
            ["Write 4096+8192 flags=0", "Write 12288+8192 flags=0", "Write 20480+4096 flags=0"], inner.Calls.Select(call => call.ToString()));
    }

    [Fact]
    public async Task EmulatedZeroesAreNotFastAndLeaveTheDiskAlone()
    {
        var inner = new RecordingDisk { OfferedCapabilities = Writable };
        var disk = new EmulatingDisk(inner, readOnly: false);

        var error = await Assert.ThrowsAsync<NbdException>(
            () => disk.ZeroAsync(new ByteRange(0, 512), ZeroFlags.Fast, CancellationToken.None).AsTask());

        Assert.Equal(NbdError.ENOTSUP, error.Error);
        Assert.Empty(inner.Calls);
    }

    [Fact]
    public async Task ARangeThatTheDiskCannotZeroIsWritten()
    {
        var inner = RefusingZero(RecordingDisk.Everything);
        var disk = new EmulatingDisk(inner, readOnly: false);

        await disk.ZeroAsync(new ByteRange(512, 512), ZeroFlags.MayTrim, CancellationToken.None);

        Assert.Equal(["Zero 512+512 flags=2", "Write 512+512 flags=0"], inner.Calls.Select(call => call.ToString()));
    }

    [Fact]
    public async Task ARefusedFastZeroIsNotWritten()
    {
        var inner = RefusingZero(RecordingDisk.Everything);
        var disk = new EmulatingDisk(inner, readOnly: false);

        var error = await Assert.ThrowsAsync<NbdException>(
            () => disk.ZeroAsync(new ByteRange(512, 512), ZeroFlags.Fast, CancellationToken.None).AsTask());

        Assert.Equal(NbdError.ENOTSUP, error.Error);
        Assert.Equal(DiskOperation.Zero, Assert.Single(inner.Calls).Operation);
    }

    [Fact]
    public async Task AnotherFailureOfZeroIsReported()
    {
        var inner = new RecordingDisk { Fails = _ => new NbdException(NbdError.EIO, "broken") };
        var disk = new EmulatingDisk(inner, readOnly: false);

        var error = await Assert.ThrowsAsync<NbdException>(
            () => disk.ZeroAsync(new ByteRange(0, 512), ZeroFlags.None, CancellationToken.None).AsTask());

        Assert.Equal(NbdError.EIO, error.Error);
        Assert.Single(inner.Calls);
    }

    [Fact]
    public async Task FuaIsAFlushBehindTheRequest()
    {
        var inner = new RecordingDisk { OfferedCapabilities = RecordingDisk.Everything with { Fua = Support.None } };
        var disk = new EmulatingDisk(inner, readOnly: false);

        await disk.WriteAsync(0, new byte[1], WriteFlags.Fua, CancellationToken.None);
        await disk.TrimAsync(new ByteRange(1, 1), WriteFlags.Fua, CancellationToken.None);
        await disk.ZeroAsync(new ByteRange(2, 1), ZeroFlags.Fua | ZeroFlags.MayTrim, CancellationToken.None);
        await disk.WriteAsync(3, new byte[1], WriteFlags.None, CancellationToken.None);

        Assert.Equal(
            [
                "Write 0+1 flags=0", "Flush 0+0 flags=0", "Trim 1+1 flags=0", "Flush 0+0 flags=0", "Zero 2+1 flags=2", "Flush 0+0 flags=0",
                "Write 3+1 flags=0",
            ],
            inner.Calls.Select(call => call.ToString()));
    }

    [Fact]
    public async Task TheFlushOfAFuaWaitsForTheWrite()
    {
        var inner = new RecordingDisk { OfferedCapabilities = WritableWithFlush, CompletesAtOnce = false };
        var disk = new EmulatingDisk(inner, readOnly: false);

        var request = disk.WriteAsync(0, new byte[1], WriteFlags.Fua, CancellationToken.None);
        var write = await inner.NextCallAsync();
        Assert.Single(inner.Calls);
        write.Complete();
        var flush = await inner.NextCallAsync();
        Assert.False(request.IsCompleted);
        flush.Complete();
        await request;

        Assert.Equal(DiskOperation.Flush, flush.Operation);
    }

    [Fact]
    public async Task AFailedFlushFailsTheFua()
    {
        var inner = new RecordingDisk
        {
            OfferedCapabilities = WritableWithFlush,
            Fails = call => call.Operation == DiskOperation.Flush ? new NbdException(NbdError.ENOSPC, "full") : null,
        };
        var disk = new EmulatingDisk(inner, readOnly: false);

        var error = await Assert.ThrowsAsync<NbdException>(
            () => disk.WriteAsync(0, new byte[1], WriteFlags.Fua, CancellationToken.None).AsTask());

        Assert.Equal(NbdError.ENOSPC, error.Error);
    }

    [Theory]
    [InlineData(true, "Write 0+262144 flags=0", "Write 262144+1 flags=0", "Flush 0+0 flags=0")]
    [InlineData(false, "Write 0+262144 flags=1", "Write 262144+1 flags=1")]
    public async Task EmulatedZeroesWithFuaAreStable(bool canFlush, params string[] calls)
    {
        var inner = new RecordingDisk { OfferedCapabilities = Writable with { CanFlush = canFlush, Fua = Support.Native } };
        var disk = new EmulatingDisk(inner, readOnly: false);

        await disk.ZeroAsync(new ByteRange(0, Chunk + 1), ZeroFlags.Fua, CancellationToken.None);

        Assert.Equal(calls, inner.Calls.Select(call => call.ToString()));
    }

    [Fact]
    public async Task FuaThatTheDiskServesReachesIt()
    {
        var inner = new RecordingDisk();
        var disk = new EmulatingDisk(inner, readOnly: false);

        await disk.WriteAsync(0, new byte[1], WriteFlags.Fua, CancellationToken.None);

        Assert.Equal("Write 0+1 flags=1", Assert.Single(inner.Calls).ToString());
    }

    [Fact]
    public async Task AnEmulatedCacheRequestReads()
    {
        var inner = new RecordingDisk { OfferedCapabilities = new DiskCapabilities { Cache = Support.Emulated } };
        var disk = new EmulatingDisk(inner, readOnly: false);

        await disk.CacheAsync(new ByteRange(10, Chunk + 10), CancellationToken.None);

        Assert.Equal(["Read 10+262144 flags=0", "Read 262154+10 flags=0"], inner.Calls.Select(call => call.ToString()));
    }

    [Fact]
    public async Task ACacheRequestThatTheDiskServesReachesIt()
    {
        var inner = new RecordingDisk();

        await new EmulatingDisk(inner, readOnly: false).CacheAsync(new ByteRange(10, 20), CancellationToken.None);

        Assert.Equal("Cache 10+20 flags=0", Assert.Single(inner.Calls).ToString());
    }

    [Fact(Skip = OnlyOptimized)]
    public void WhatCompletesAtOnceAllocatesNothing()
    {
        var disk = new EmulatingDisk(new QuietDisk(), readOnly: false);
        var data = new byte[512];
        Run();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run()
        {
            for (var i = 0; i < 100; i++)
            {
                AssertCompleted(disk.WriteAsync(0, data, WriteFlags.Fua, CancellationToken.None));
                AssertCompleted(disk.ZeroAsync(new ByteRange(0, 4096), ZeroFlags.None, CancellationToken.None));
                AssertCompleted(disk.ReadAsync(0, data, CancellationToken.None));
            }
        }
    }

    private static RecordingDisk RefusingZero(DiskCapabilities capabilities) => new()
    {
        OfferedCapabilities = capabilities,
        Fails = call => call.Operation == DiskOperation.Zero ? new NbdException(NbdError.ENOTSUP, "cannot") : null,
    };

    private static void AssertCapabilities(DiskCapabilities offered, DiskCapabilities expected)
        => Assert.Equal(expected, new EmulatingDisk(new RecordingDisk { OfferedCapabilities = offered }, readOnly: false).Capabilities);

    private static void AssertCompleted(ValueTask call) => Assert.True(call.IsCompletedSuccessfully);

    private sealed class QuietDisk : Disk
    {
        public override long Size => 1 << 20;

        public override DiskCapabilities Capabilities => WritableWithFlush;

        public override ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public override ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, WriteFlags flags, CancellationToken cancellationToken)
            => ValueTask.CompletedTask;
    }
}

using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Plugins.Tests;

public sealed class FileDiskTests : FileTest
{
    [Fact]
    public async Task AFileOffersEverything()
    {
        await using var disk = await OpenAsync(Sparse(Directory["disk"], 4096));

        var can = disk.Capabilities;
        Assert.True(can is { CanWrite: true, CanFlush: true, CanTrim: true, CanFastZero: true, CanExtents: true, CanMultiConn: true, IsRotational: false });
        Assert.True(can is { Zero: Support.Native, Fua: Support.Native, Cache: Support.Native });
        Assert.Equal(new BlockSize(1, 4096, 64 << 20), can.BlockSize);
    }

    [Fact]
    public async Task AnEmptyFileIsADiskWithoutBytes()
    {
        await using var disk = await OpenAsync(Sparse(Directory["disk"], 0));

        Assert.Equal(0, disk.Size);
        await disk.FlushAsync(CancellationToken.None);
    }

    [Fact]
    public async Task WhatIsInThePageCacheIsReadAndWrittenAtOnceWithoutAllocation()
    {
        await using var disk = await OpenAsync(Full(Directory["disk"], 65536));
        var buffer = new byte[4096];
        Exchange(disk, buffer);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 100; step++)
        {
            Exchange(disk, buffer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task WhatGoesToAnIoThreadAllocatesNothingEither()
    {
        // With a single thread, since starting another one allocates.
        using var threads = new IoThreads("test", 1, TimeSpan.FromSeconds(10));
        var file = LinuxFile.Open(Libc.CurrentDirectory, Full(Directory["disk"], 65536), "disk", isReadOnly: false, FileAccessPattern.Normal);
        await using var disk = new FileDisk(file, FileCacheMode.Default, threads);
        WaitFor(disk.FlushAsync(CancellationToken.None));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 20; step++)
        {
            WaitFor(disk.FlushAsync(CancellationToken.None));
            WaitFor(disk.TrimAsync(new ByteRange(0, 4096), WriteFlags.None, CancellationToken.None));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task WhatIsNotInThePageCacheIsReadByAnIoThread()
    {
        var path = Full(Directory["disk"], 1 << 20);
        await Tool.Require("dd").OutputAsync($"if={path}", "iflag=nocache", "count=0");
        await using var disk = await OpenAsync(path);

        Assert.Equal(File.ReadAllBytes(path), await ReadAsync(disk, 0, 1 << 20));
    }

    [Fact]
    public async Task AReadBehindTheEndOfATruncatedFileFailsInsteadOfInventingBytes()
    {
        var path = Full(Directory["disk"], 8192);
        await using var disk = await OpenAsync(path);
        await using (var file = File.OpenWrite(path))
        {
            file.SetLength(5000);
        }

        Assert.Equal(5000, (await ReadAsync(disk, 0, 5000)).Length);
        Assert.Equal(NbdError.EIO, await ErrorOfAsync(async () => await ReadAsync(disk, 0, 8192)));
        Assert.Equal(NbdError.EIO, await ErrorOfAsync(async () => await ReadAsync(disk, 6000, 1)));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("none")]
    public async Task AFullFileSystemIsNoSpaceAndTheDiskLivesOn(string cache)
    {
        using var mount = MountedFileSystem.Tmpfs("1m");
        var path = Sparse(Path.Combine(mount.Path, "disk"), 4 << 20);
        await using var disk = await OpenAsync(path, $"cache={cache}");
        var data = new byte[1 << 20];
        data.AsSpan().Fill(0x55);

        Assert.Equal(NbdError.ENOSPC, await ErrorOfAsync(() => disk.WriteAsync(512, data, WriteFlags.None, CancellationToken.None)));
        Assert.Equal(NbdError.ENOSPC, await ErrorOfAsync(() => disk.WriteAsync(2 << 20, data, WriteFlags.Fua, CancellationToken.None)));
        Assert.Equal(NbdError.ENOSPC, await ErrorOfAsync(() => disk.ZeroAsync(new ByteRange(0, 2 << 20), ZeroFlags.None, CancellationToken.None)));

        await disk.TrimAsync(new ByteRange(0, 4 << 20), WriteFlags.None, CancellationToken.None);
        await disk.WriteAsync(0, data.AsMemory(0, 65536), WriteFlags.Fua, CancellationToken.None);
        await disk.FlushAsync(CancellationToken.None);
        Assert.Equal(data[..65536], await ReadAsync(disk, 0, 65536));
    }

    [Fact]
    public async Task AFileOnAReadOnlyFileSystemIsServedReadOnly()
    {
        using var mount = MountedFileSystem.Tmpfs("1m");
        var path = Full(Path.Combine(mount.Path, "disk"), 4096);
        mount.MakeReadOnly();
        await using var disk = await OpenAsync(path);

        Assert.False(disk.Capabilities.CanWrite);
        Assert.Equal(File.ReadAllBytes(path), await ReadAsync(disk, 0, 4096));
        await disk.FlushAsync(CancellationToken.None);
    }

    [Fact]
    public async Task AServerToldToWriteNothingOpensTheFileForReading()
    {
        var source = await CreateSourceAsync($"file={Full(Directory["disk"], 4096)}");
        await using var disk = await OpenAsync(source, readOnly: true);

        Assert.False(disk.Capabilities.CanWrite);
        Assert.Equal(NbdError.EIO, await ErrorOfAsync(() => disk.WriteAsync(0, new byte[1], WriteFlags.None, CancellationToken.None)));
    }

    [Fact]
    public async Task WithoutCacheWhatWasReadAndWrittenLeavesThePageCache()
    {
        const int Size = 4 << 20;
        var path = Full(Directory["disk"], Size);
        await using (var disk = await OpenAsync(path, "cache=none"))
        {
            await ReadAsync(disk, 0, Size);
            Assert.Equal(0, await CachedPagesAsync(path));

            await disk.WriteAsync(0, new byte[Size], WriteFlags.Fua, CancellationToken.None);
        }

        Assert.Equal(0, await CachedPagesAsync(path));
    }

    [Fact]
    public async Task ACacheRequestBringsTheRangeIntoThePageCache()
    {
        const int Size = 1 << 20;
        var path = Full(Directory["disk"], Size);
        await using (var forgetful = await OpenAsync(path, "cache=none"))
        {
            await ReadAsync(forgetful, 0, Size);
        }

        await using var disk = await OpenAsync(path);
        await disk.CacheAsync(new ByteRange(0, Size), CancellationToken.None);

        // A hint starts the reading, and the device takes its time for it.
        var wanted = Size / Environment.SystemPageSize;
        var deadline = Environment.TickCount64 + 30_000;
        var cached = await CachedPagesAsync(path);
        while (cached < wanted && Environment.TickCount64 < deadline)
        {
            cached = await CachedPagesAsync(path);
        }

        Assert.Equal(wanted, cached);
    }

    private static async Task<int> CachedPagesAsync(string path)
        => int.Parse(await Tool.Require("fincore").OutputAsync("--noheadings", "--output", "PAGES", path), System.Globalization.CultureInfo.InvariantCulture);

    private static void Exchange(Disk disk, byte[] buffer)
    {
        Finish(disk.WriteAsync(8192, buffer, WriteFlags.None, CancellationToken.None));
        Finish(disk.ReadAsync(4096, buffer, CancellationToken.None));
    }

    private static void Finish(ValueTask task)
    {
        Assert.True(task.IsCompletedSuccessfully);
        task.GetAwaiter().GetResult();
    }

    // An await would allocate in the test itself.
    private static void WaitFor(ValueTask task)
    {
        while (!task.IsCompleted)
        {
            Thread.Yield();
        }

        task.GetAwaiter().GetResult();
    }
}

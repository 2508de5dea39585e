using System.Globalization;
using SharpNbd.Abstractions;
using Xunit;
using Xunit.Sdk;

namespace SharpNbd.TestKit;

/// <summary>
/// What every plugin and every filter must do: derive a test class and say how the disk is made. All tests run for each of
/// <see cref="Sizes"/> and take what the disk's capabilities promise as the measure. A failure names the seed; the environment variable
/// SHARPNBD_TEST_SEED repeats it.
/// </summary>
public abstract class DiskContract
{
    private const int Window = 128 << 10;

    /// <summary>The sizes to test with. A plugin whose size is fixed names that one.</summary>
    protected virtual IReadOnlyList<int> Sizes { get; } = [(1 << 20) + 513, 65536, 4097, 512, 1];

    /// <summary>Makes the source. Everything that it needs is new for each call.</summary>
    /// <param name="size">How large the disk shall be.</param>
    /// <param name="random">For its content.</param>
    protected abstract ValueTask<ContractSubject> CreateAsync(int size, Random random);

    [Fact]
    public Task CapabilitiesAreConsistent() => ForEachSizeAsync(async run =>
    {
        var disks = await run.OpenSeveralAsync(2);
        var can = disks[0].Capabilities;
        Assert.All(disks, disk => Assert.Equal(can, disk.Capabilities));
        Assert.True(!can.CanFastZero || can.Zero != Support.None, "fast zero without zero");
        Assert.True(can.Fua != Support.Emulated || can.CanFlush, "emulated FUA without flush");
        Assert.True(can.BlockSize is not { } block || block.Minimum <= Math.Max(1, disks[0].Size), "blocks larger than the disk");
    });

    [Fact]
    public Task TheWholeDiskReadsAsExpected() => ForEachSizeAsync(async run =>
    {
        var disk = await run.OpenAsync();
        var unit = disk.Capabilities.BlockSize?.Minimum ?? 1;
        var worker = run.Worker(disk);
        foreach (var piece in Pieces(run.WholeDisk, disk, 65536).Concat(Pieces(run.WholeDisk, disk, 12345 / unit * unit)))
        {
            await worker.ReadAsync(piece);
        }
    });

    [Fact]
    public Task AReadOnlyConnectionReadsTheSame() => ForEachSizeAsync(async run =>
    {
        var disk = await run.OpenAsync(readOnly: true);
        var worker = run.Worker(disk);
        foreach (var piece in Pieces(run.WholeDisk, disk, 65536))
        {
            await worker.ReadAsync(piece);
            await worker.GetExtentsAsync(piece, firstOnly: false);
        }
    });

    [Fact]
    public Task TheLastBlockIsServedByEveryOperation() => ForEachSizeAsync(async run =>
    {
        var disk = await run.OpenAsync();
        var unit = disk.Capabilities.BlockSize?.Minimum ?? 1;
        var worker = run.Worker(disk);
        var last = new ByteRange(((disk.Size - 1) / unit * unit) - (disk.Size % unit == 0 ? 0 : unit), unit);
        if (last.Offset < 0)
        {
            return;
        }

        await worker.ReadAsync(last);
        await worker.GetExtentsAsync(last, firstOnly: true);
        await worker.WriteAsync(last, WriteFlags.None);
        await worker.ReadAsync(last);
        await worker.ZeroAsync(last, ZeroFlags.MayTrim);
        await worker.ReadAsync(last);
        await worker.WriteAsync(last, WriteFlags.None);
        await worker.TrimAsync(last, WriteFlags.None);
        await worker.ReadAsync(last);
    });

    [Fact]
    public Task ARandomMixOfOperationsMatchesTheModel() => ForEachSizeAsync(async run =>
    {
        var disks = await run.OpenSeveralAsync(3);
        var workers = disks.Select(disk => run.Worker(disk)).ToArray();
        for (var step = 0; step < 600; step++)
        {
            await workers[run.Random.Next(workers.Length)].StepAsync();
        }

        await ReadEverythingAsync(run, disks);
    });

    [Fact]
    public Task ParallelConnectionsDoNotDisturbEachOther() => ForEachSizeAsync(async run =>
    {
        var disks = await run.OpenSeveralAsync(4);
        await MixInAreasAsync(run, disks, isParallel: run.ThreadModel >= ThreadModel.SerializeRequests);
        await ReadEverythingAsync(run, disks);
    });

    [Fact]
    public Task ParallelRequestsOfAConnectionDoNotDisturbEachOther() => ForEachSizeAsync(async run =>
    {
        var disk = await run.OpenAsync();
        await MixInAreasAsync(run, [disk, disk, disk, disk], isParallel: run.ThreadModel == ThreadModel.Parallel);
        await ReadEverythingAsync(run, [disk]);
    });

    [Fact]
    public Task WhatIsWrittenWithFuaIsSeenByOtherConnections() => ForEachSizeAsync(async run =>
    {
        var disks = await run.OpenSeveralAsync(2);
        var can = disks[0].Capabilities;
        var unit = can.BlockSize?.Minimum ?? 1;
        var writer = run.Worker(disks[0]);
        var reader = run.Worker(disks[^1]);
        for (var step = 0; step < 20 && run.WholeDisk.Length >= unit; step++)
        {
            var range = new ByteRange(run.Random.NextInt64(run.WholeDisk.Length / unit) * unit, unit);
            await writer.WriteAsync(range, can.Fua == Support.Native ? WriteFlags.Fua : WriteFlags.None);
            if (can.Fua != Support.Native)
            {
                await writer.FlushAsync();
            }

            await reader.ReadAsync(range);
        }
    });

    [Fact]
    public Task ExtentsLeadThroughTheWholeDisk() => ForEachSizeAsync(async run =>
    {
        var disk = await run.OpenAsync();
        if (!disk.Capabilities.CanExtents)
        {
            return;
        }

        var worker = run.Worker(disk);
        for (var step = 0; step < 20; step++)
        {
            await worker.StepAsync();
        }

        foreach (var firstOnly in (bool[])[false, true])
        {
            var offset = 0L;
            while (offset < disk.Size)
            {
                var range = new ByteRange(offset, Math.Min(Window, disk.Size - offset));
                await worker.GetExtentsAsync(range, firstOnly);
                var list = new ExtentList(range, firstOnly);
                await disk.GetExtentsAsync(range, list, CancellationToken.None);
                offset = firstOnly ? list.Extents[0].End : list.Next;
            }

            Assert.Equal(disk.Size, offset);
        }
    });

    [Fact]
    public Task TheWholeDiskCanBeZeroedAndTrimmed() => ForEachSizeAsync(async run =>
    {
        var disk = await run.OpenAsync();
        var unit = disk.Capabilities.BlockSize?.Minimum ?? 1;
        var whole = new ByteRange(0, disk.Size / unit * unit);
        var worker = run.Worker(disk);
        foreach (var flags in (ZeroFlags[])[ZeroFlags.None, ZeroFlags.MayTrim])
        {
            await worker.ZeroAsync(whole, flags);
            await worker.WriteAsync(new ByteRange(0, unit), WriteFlags.None);
            await ReadEverythingAsync(run, [disk]);
        }

        await worker.TrimAsync(whole, WriteFlags.None);
        await ReadEverythingAsync(run, [disk]);
    });

    /// <summary>Runs a test for each of the sizes, and tells the seed when it fails.</summary>
    private async Task ForEachSizeAsync(Func<ContractRun, Task> test)
    {
        foreach (var size in Sizes)
        {
            var seed = int.TryParse(Environment.GetEnvironmentVariable("SHARPNBD_TEST_SEED"), CultureInfo.InvariantCulture, out var given)
                ? given
                : Random.Shared.Next();
            var random = new Random(seed);
            var run = new ContractRun(await CreateAsync(size, random), random);
            try
            {
                await run.StartAsync();
                await test(run);
                await run.DisposeAsync();
            }
            catch (Exception e)
            {
                throw new XunitException($"size {size}, SHARPNBD_TEST_SEED={seed}, at: {run.Trace}\n{e.Message}", e);
            }
        }
    }

    private static async Task MixInAreasAsync(ContractRun run, IReadOnlyList<Disk> disks, bool isParallel)
    {
        var areas = run.Areas(disks.Count, disks[0].Capabilities.BlockSize?.Minimum ?? 1);
        var workers = disks.Zip(areas, (disk, area) => run.Worker(disk, area)).ToArray();
        if (isParallel)
        {
            await Task.WhenAll(workers.Select(worker => Task.Run(() => MixAsync(worker))));
        }
        else
        {
            foreach (var worker in workers)
            {
                await MixAsync(worker);
            }
        }
    }

    private static async Task MixAsync(ContractWorker worker)
    {
        for (var step = 0; step < 200; step++)
        {
            await worker.StepAsync();
        }
    }

    private static async Task ReadEverythingAsync(ContractRun run, IReadOnlyList<Disk> disks)
    {
        foreach (var disk in disks)
        {
            var worker = run.Worker(disk);
            foreach (var piece in Pieces(run.WholeDisk, disk, 1 << 20))
            {
                await worker.ReadAsync(piece);
            }
        }
    }

    private static IEnumerable<ByteRange> Pieces(ByteRange whole, Disk disk, long length)
    {
        var unit = disk.Capabilities.BlockSize?.Minimum ?? 1;
        length = Math.Max(unit, Math.Min(length, disk.Capabilities.BlockSize?.Maximum ?? length));
        for (var offset = whole.Offset; offset + unit <= whole.End; offset += length)
        {
            yield return new ByteRange(offset, Math.Min(length, (whole.End - offset) / unit * unit));
        }
    }
}

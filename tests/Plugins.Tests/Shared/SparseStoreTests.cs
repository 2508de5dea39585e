using System.Runtime.InteropServices;
using SharpNbd.Abstractions;

namespace SharpNbd.Plugins.Tests;

public sealed partial class SparseStoreTests
{
    private const ExtentFlags Hole = ExtentFlags.Hole | ExtentFlags.Zero;

    private static int Page => PageMemory.Default.PageSize;

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData((1L << 40) + 5)]
    [InlineData(1L << 30)]
    public void BothEndsOfAHugeDiskAreServed(long size)
    {
        using var store = new SparseStore(size, PageMemory.Default);
        store.Write(0, [1, 2]);
        store.Write(size - 2, [3, 4]);
        store.Write(size / 2, [5]);

        var buffer = new byte[2];
        store.Read(0, buffer);
        Assert.Equal([1, 2], buffer);
        store.Read(size - 2, buffer);
        Assert.Equal([3, 4], buffer);
        store.Read((size / 2) - 1, buffer);
        Assert.Equal([0, 5], buffer);

        store.Zero(new ByteRange(0, size), release: true);
        Assert.Equal([new Extent(0, size, Hole)], ExtentsOf(store));
    }

    [Fact]
    public void AnEmptyDiskIsOneHole()
    {
        using var store = new SparseStore(long.MaxValue, PageMemory.Default);
        Assert.Equal([new Extent(0, long.MaxValue, Hole)], ExtentsOf(store));
        var buffer = new byte[100];
        buffer.AsSpan().Fill(1);
        store.Read(long.MaxValue - 100, buffer);
        Assert.Equal(new byte[100], buffer);
    }

    [Fact]
    public void RequestsMayCrossChunks()
    {
        const long border = 1L << 30;
        using var store = new SparseStore(3 * border, PageMemory.Default);
        var data = new byte[100_000];
        new Random(1).NextBytes(data);
        store.Write(border - 50_000, data);

        var buffer = new byte[data.Length + 2];
        store.Read(border - 50_001, buffer);
        Assert.Equal([0, .. data, 0], buffer);

        var extents = ExtentsOf(store);
        Assert.Equal([Hole, ExtentFlags.Data, Hole], extents.Select(extent => extent.Flags));
        Assert.Equal((border - 50_000) / Page * Page, extents[1].Offset);

        store.Zero(new ByteRange(border - 10, 20), release: true);
        store.Read(border - 50_001, buffer);
        data.AsSpan(50_000 - 10, 20).Clear();
        Assert.Equal([0, .. data, 0], buffer);
    }

    [Fact]
    public void WrittenPagesAreDataUntilTheyAreReleasedWhole()
    {
        using var store = new SparseStore(10 * Page, new TestPageMemory());
        store.Write(3 * Page, new byte[(2 * Page) + 1]);
        Assert.Equal([new Extent(0, 3 * Page, Hole), new(3 * Page, 3 * Page, ExtentFlags.Data), new(6 * Page, 4 * Page, Hole)], ExtentsOf(store));

        store.Zero(new ByteRange((3 * Page) + 1, 2 * Page), release: true);
        // The first and the last page reach out of the range and stay.
        Assert.Equal([3L * Page, Page, Page, Page, 4L * Page], ExtentsOf(store).Select(extent => extent.Length));

        store.Zero(new ByteRange(3 * Page, 3 * Page), release: true);
        Assert.Equal([new Extent(0, 10 * Page, Hole)], ExtentsOf(store));
    }

    [Fact]
    public void ZeroingWithoutReleaseKeepsPagesData()
    {
        var memory = new TestPageMemory();
        using var store = new SparseStore(200 * Page, memory);
        var data = new byte[100 * Page];
        data.AsSpan().Fill(7);
        store.Write(10 * Page, data);
        store.Zero(new ByteRange(0, 150 * Page), release: false);

        Assert.Equal([10L * Page, 100L * Page, 90L * Page], ExtentsOf(store).Select(extent => extent.Length));
        store.Read(10 * Page, data);
        Assert.False(data.AsSpan().ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void TheLastPageOfADiskCountsAsWhole()
    {
        using var store = new SparseStore((2 * Page) + 10, new TestPageMemory());
        store.Write(2 * Page, [1, 2, 3]);
        store.Zero(new ByteRange(2 * Page, 10), release: true);
        Assert.Equal([new Extent(0, (2 * Page) + 10, Hole)], ExtentsOf(store));
    }

    [Fact]
    public void OnlyWhatIsWrittenTakesMemoryAndReleasingGivesItBack()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "asks the kernel which pages are there");
        using var store = new SparseStore(1L << 30, PageMemory.Default);
        store.Write(0, [1]);
        Assert.True(store.TryLend(0, 1, out var lent));
        var pages = 1024;

        store.Read(0, new byte[pages * Page]);
        store.Zero(new ByteRange(Page, (pages - 1) * Page), release: false);
        Assert.Equal(1, ResidentPages(lent.Address, pages));

        store.Write(Page, new byte[(pages - 1) * Page]);
        Assert.Equal(pages, ResidentPages(lent.Address, pages));

        store.Zero(new ByteRange(1, (pages * Page) - 2), release: true);
        Assert.Equal(2, ResidentPages(lent.Address, pages));

        store.Zero(new ByteRange(0, pages * Page), release: true);
        Assert.Equal(0, ResidentPages(lent.Address, pages));
    }

    [Fact]
    public void WhatIsLentStaysWhereItIs()
    {
        using var store = new SparseStore(1L << 30, PageMemory.Default);
        Assert.False(store.TryLend(0, 10, out _));
        store.Write(5, [1, 2, 3]);
        Assert.True(store.TryLend(5, 3, out var lent));
        store.Zero(new ByteRange(0, store.Size), release: true);
        Assert.Equal([0, 0, 0], Bytes(lent));
        store.Write(5, [4, 5, 6]);
        Assert.Equal([4, 5, 6], Bytes(lent));
    }

    [Fact]
    public void AReadInPiecesIsWhatWasWrittenAndHolesInBetween()
    {
        using var store = new SparseStore(1L << 40, PageMemory.Default);
        store.Write(Page + 5, [1, 2, 3]);
        store.Write((3 * Page) - 1, [4, 5]);

        var pieces = PiecesOf(store, 10, 6 * Page);
        Assert.Equal([(0, Page - 10), (1, 3 * Page), (0, (2 * Page) + 10)], pieces.Select(piece => (piece.Address == 0 ? 0 : 1, piece.Length)));
        byte[] expected = [.. new byte[5], 1, 2, 3, .. new byte[(2 * Page) - 9], 4, 5, .. new byte[Page - 1]];
        Assert.Equal(expected, Bytes(pieces[1]));
        Assert.Equal([new LentMemory(0, 64 << 20)], PiecesOf(store, 1L << 39, 64 << 20));
    }

    [Fact]
    public void PiecesOfSeveralChunksAreOneRead()
    {
        const long border = 1L << 30;
        using var store = new SparseStore(4 * border, PageMemory.Default);
        store.Write(border - Page, new byte[2 * Page]);
        store.Write((3 * border) - Page, new byte[Page]);

        Assert.Equal([false, false], PiecesOf(store, border - 10, 20).Select(piece => piece.Address == 0));
        Assert.Equal([new LentMemory(0, 20)], PiecesOf(store, (2 * border) - 10, 20));
        Assert.Equal([false, true], PiecesOf(store, (3 * border) - 10, 20).Select(piece => piece.Address == 0));
    }

    [Fact]
    public void AReadThatWouldBeTooManyPiecesIsNotAnsweredInThem()
    {
        using var store = new SparseStore(1L << 30, PageMemory.Default);
        for (var page = 0; page < 1000; page += 2)
        {
            store.Write(page * Page, [1]);
        }

        Assert.True(store.TryLendPieces(0, 100 * Page, new LentPieces()));
        Assert.False(store.TryLendPieces(0, 1000 * Page, new LentPieces()));
    }

    [Fact]
    public void AWriteThatNoMemoryIsLeftForFailsAndTheRestIsServed()
    {
        var memory = new TestPageMemory { MostMappings = 2 };
        using var store = new SparseStore(1L << 40, memory);
        store.Write(0, [1]);
        store.Write(1L << 30, [2]);
        var error = Assert.Throws<NbdException>(() => store.Write(1L << 39, [3]));
        Assert.Equal(NbdError.ENOMEM, error.Error);

        var buffer = new byte[1];
        store.Read(1L << 39, buffer);
        Assert.Equal(0, buffer[0]);
        store.Write(1L << 30, [4]);
        store.Read(1L << 30, buffer);
        Assert.Equal(4, buffer[0]);

        memory.MostMappings = 3;
        store.Write(1L << 39, [3]);
        store.Read(1L << 39, buffer);
        Assert.Equal(3, buffer[0]);
    }

    [Fact]
    public void EverythingIsUnmappedAtTheEnd()
    {
        var memory = new TestPageMemory();
        using (var store = new SparseStore(long.MaxValue, memory))
        {
            for (var i = 0; i < 62; i++)
            {
                store.Write(1L << i, [1]);
            }

            Assert.True(memory.Mapped.Count > 40, "too few chunks were touched");
        }

        Assert.Empty(memory.Mapped);
    }

    [Fact]
    public async Task ThreadsThatTouchAChunkFirstShareIt()
    {
        var memory = new TestPageMemory();
        using var store = new SparseStore(64 * memory.ChunkSize, memory);
        for (var chunk = 0; chunk < 64; chunk++)
        {
            using var start = new Barrier(4);
            var offset = chunk * memory.ChunkSize;
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    store.Write(offset + thread, [(byte)(thread + 1)]);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            var buffer = new byte[4];
            store.Read(offset, buffer);
            Assert.Equal([1, 2, 3, 4], buffer);
        }

        Assert.Equal(64, memory.Mapped.Count);
    }

    private static IReadOnlyList<Extent> ExtentsOf(ByteStore store)
    {
        var list = new ExtentList(new ByteRange(0, store.Size));
        store.AddExtents(list.Range, list);
        Assert.Equal(store.Size, list.Next);
        return [.. list.Extents];
    }

    private static IReadOnlyList<LentMemory> PiecesOf(ByteStore store, long offset, int length)
    {
        var pieces = new LentPieces();
        Assert.True(store.TryLendPieces(offset, length, pieces));
        Assert.Equal(length, pieces.Length);
        return [.. pieces.Pieces];
    }

    private static unsafe byte[] Bytes(LentMemory lent) => new ReadOnlySpan<byte>((void*)lent.Address, lent.Length).ToArray();

    private static unsafe int ResidentPages(nint address, int pages)
    {
        var present = new byte[pages];
        fixed (byte* vector = present)
        {
            Assert.Equal(0, MInCore(address, (nuint)(pages * Page), vector));
        }

        return present.Count(page => (page & 1) != 0);
    }

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static unsafe partial int MInCore(nint address, nuint length, byte* vector);
}

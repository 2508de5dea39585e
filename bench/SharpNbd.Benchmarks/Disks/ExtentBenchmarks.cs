using BenchmarkDotNet.Attributes;
using SharpNbd.Abstractions;
using SharpNbd.Plugins;

namespace SharpNbd.Benchmarks;

/// <summary>Block status: collecting extents, and finding them in the memory disk.</summary>
[MemoryDiagnoser]
public class ExtentBenchmarks
{
    private const int Count = 1000;
    private const int Page = 4096;
    private const long Size = 1L << 30;

    private readonly ExtentList _list = new(new ByteRange(0, Size));
    private SparseStore _scattered = null!;
    private SparseStore _empty = null!;
    private SparseStore _full = null!;

    /// <summary>Makes the disks.</summary>
    [GlobalSetup]
    public void Begin()
    {
        _empty = new SparseStore(Size, PageMemory.Default);
        _full = new SparseStore(64 << 20, PageMemory.Default);
        MemoryDisk.Create(_full);

        // Every second page of the beginning is written: the most extents there can be.
        _scattered = new SparseStore(Size, PageMemory.Default);
        for (var i = 0; i < Count / 2; i++)
        {
            _scattered.Write(2L * i * Page, [1]);
        }
    }

    /// <summary>Frees the disks.</summary>
    [GlobalCleanup]
    public void End()
    {
        _empty.Dispose();
        _full.Dispose();
        _scattered.Dispose();
    }

    /// <summary>Adds an extent that differs from the last one.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public int Add()
    {
        _list.Reset(new ByteRange(0, Size), firstOnly: false);
        for (var i = 0; i < Count; i++)
        {
            _list.Add((long)i * Page, Page, (i & 1) == 0 ? ExtentFlags.Data : ExtentFlags.Hole);
        }

        return _list.Count;
    }

    /// <summary>Adds an extent that joins the last one.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public int AddJoining()
    {
        _list.Reset(new ByteRange(0, Size), firstOnly: false);
        for (var i = 0; i < Count; i++)
        {
            _list.Add((long)i * Page, Page, ExtentFlags.Data);
        }

        return _list.Count;
    }

    /// <summary>The extents of a disk of 1 GiB with 500 pages in it, none beside another.</summary>
    [Benchmark]
    public int FindScattered() => Find(_scattered);

    /// <summary>The extent of a disk of 1 GiB that was never written.</summary>
    [Benchmark]
    public int FindEmpty() => Find(_empty);

    /// <summary>The extent of a disk of 64 MiB that is full.</summary>
    [Benchmark]
    public int FindFull() => Find(_full);

    private int Find(SparseStore store)
    {
        var range = new ByteRange(0, store.Size);
        _list.Reset(range, firstOnly: false);
        store.AddExtents(range, _list);
        return _list.Count;
    }
}

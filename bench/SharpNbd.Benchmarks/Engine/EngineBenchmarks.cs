using BenchmarkDotNet.Attributes;
using SharpNbd.Abstractions;
using SharpNbd.Plugins;
using SharpNbd.Server;

namespace SharpNbd.Benchmarks;

/// <summary>
/// The engine fed from memory: everything between the system calls, from the bytes that arrived to the segments to send, on
/// the memory disk. Times and allocations are those of one request.
/// </summary>
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private const int SmallPerBatch = 32;
    private const int LargePerBatch = 8;
    private const int SmallBatches = 512;
    private const int LargeBatches = 64;
    private const int DiskSize = 64 << 20;

    private readonly List<IDisposable> _ended = [];
    private ReplayConnection _read4k = null!;
    private ReplayConnection _write4k = null!;
    private ReplayConnection _read256k = null!;
    private ReplayConnection _write256k = null!;
    private ReplayConnection _read4kFiltered = null!;
    private ReplayConnection _read4kCopied = null!;

    /// <summary>What the client negotiated.</summary>
    [Params(false, true)]
    public bool Structured { get; set; }

    /// <summary>Makes a disk that has been written and a connection for each kind of request.</summary>
    [GlobalSetup]
    public void Begin()
    {
        var store = new SparseStore(DiskSize, PageMemory.Default);
        var disk = MemoryDisk.Create(store);
        _read4k = Connect(disk, Command.Read, SmallPerBatch, 4 << 10);
        _write4k = Connect(disk, Command.Write, SmallPerBatch, 4 << 10);
        _read256k = Connect(disk, Command.Read, LargePerBatch, 256 << 10);
        _write256k = Connect(disk, Command.Write, LargePerBatch, 256 << 10);
        var filtered = new ForwardingFilter(new ForwardingFilter(new ForwardingFilter(disk)));
        _read4kFiltered = Connect(filtered, Command.Read, SmallPerBatch, 4 << 10);
        _read4kCopied = Connect(new CopyingFilter(disk), Command.Read, SmallPerBatch, 4 << 10);
        _ended.Add(store);
    }

    /// <summary>Frees the disk.</summary>
    [GlobalCleanup]
    public void End() => _ended.ForEach(it => it.Dispose());

    /// <summary>4 KiB reads in batches of 32, lent by the disk.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = SmallPerBatch * SmallBatches)]
    public void Read4k() => _read4k.Serve(SmallBatches);

    /// <summary>4 KiB reads that the disk copies into a buffer, as plugins do that hold no memory to lend.</summary>
    [Benchmark(OperationsPerInvoke = SmallPerBatch * SmallBatches)]
    public void Read4kCopied() => _read4kCopied.Serve(SmallBatches);

    /// <summary>4 KiB reads behind three filters that pass everything on.</summary>
    [Benchmark(OperationsPerInvoke = SmallPerBatch * SmallBatches)]
    public void Read4kThreeFilters() => _read4kFiltered.Serve(SmallBatches);

    /// <summary>4 KiB writes in batches of 32.</summary>
    [Benchmark(OperationsPerInvoke = SmallPerBatch * SmallBatches)]
    public void Write4k() => _write4k.Serve(SmallBatches);

    /// <summary>256 KiB reads in batches of 8.</summary>
    [Benchmark(OperationsPerInvoke = LargePerBatch * LargeBatches)]
    public void Read256k() => _read256k.Serve(LargeBatches);

    /// <summary>256 KiB writes in batches of 8.</summary>
    [Benchmark(OperationsPerInvoke = LargePerBatch * LargeBatches)]
    public void Write256k() => _write256k.Serve(LargeBatches);

    private ReplayConnection Connect(Disk disk, Command command, int count, int length)
    {
        var connection = new ReplayConnection(disk, Requests.Batch(command, count, length, DiskSize), Structured);
        _ended.Add(connection);
        return connection;
    }
}

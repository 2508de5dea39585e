using BenchmarkDotNet.Attributes;
using SharpNbd.Abstractions;
using SharpNbd.Plugins;
using SharpNbd.Server;

namespace SharpNbd.Benchmarks;

/// <summary>What every request costs before its disk is asked.</summary>
[MemoryDiagnoser]
public class RequestHeaderBenchmarks
{
    private readonly byte[] _wire = Requests.Batch(Command.Read, count: 1, length: 4096, diskSize: 1 << 20);
    private readonly RequestGuard _guard = NewGuard();
    private RequestHeader _header;

    /// <summary>Parses the header that is only checked.</summary>
    [GlobalSetup]
    public void Begin() => _header = RequestHeader.Parse(_wire);

    /// <summary>28 bytes to a header.</summary>
    [Benchmark]
    public ulong Parse() => RequestHeader.Parse(_wire).Length;

    /// <summary>The checks of a good request.</summary>
    [Benchmark]
    public bool Check() => _guard.Check(_header, out _) == NbdError.None;

    private static RequestGuard NewGuard()
    {
        using var store = new SparseStore(1 << 20, PageMemory.Default);
        return new RequestGuard(new ExportFacts(new StoreDisk(store), isReadOnly: false), HeaderForm.Structured, hasAllocation: true);
    }
}

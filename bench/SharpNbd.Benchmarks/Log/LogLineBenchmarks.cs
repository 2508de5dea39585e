using BenchmarkDotNet.Attributes;
using SharpNbd.Abstractions;
using SharpNbd.Filters;

namespace SharpNbd.Benchmarks;

/// <summary>Formatting the lines that the log filter writes, without writing them.</summary>
[MemoryDiagnoser]
public class LogLineBenchmarks
{
    private static readonly LogEvent Read = new(LogAction.Read, Connection: 3, Id: 123456);
    private static readonly LogEvent Extents = new(LogAction.Extents, Connection: 3, Id: 123457);

    private readonly ExtentList _extents = new(new ByteRange(0, 1 << 20));

    /// <summary>Makes a list of a hundred extents.</summary>
    [GlobalSetup]
    public void Begin()
    {
        for (var i = 0; i < 100; i++)
        {
            _extents.Add(i * 4096, 4096, (i & 1) == 0 ? ExtentFlags.Data : ExtentFlags.Hole | ExtentFlags.Zero);
        }
    }

    /// <summary>The line when a read comes.</summary>
    [Benchmark]
    public int Enter() => LogLine.Begin(DateTime.UtcNow, Read, LogPhase.Enter).Range(0x1234000, 4096).ForFile().Length;

    /// <summary>The line when it is done.</summary>
    [Benchmark]
    public int Leave() => LogLine.Begin(DateTime.UtcNow, Read, LogPhase.Leave).Succeeded().ForFile().Length;

    /// <summary>The line with a hundred extents.</summary>
    [Benchmark]
    public int LeaveWithExtents()
        => LogLine.Begin(DateTime.UtcNow, Extents, LogPhase.Leave).Extents(_extents.Extents).Succeeded().ForFile().Length;
}

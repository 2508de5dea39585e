using BenchmarkDotNet.Running;
using SharpNbd.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmarks).Assembly).Run(args);

using System.Buffers.Binary;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Plugins;
using SharpNbd.Server;

namespace SharpNbd.Benchmarks;

/// <summary>Options of the handshake as clients send them: parsed, acted on and answered, without sending.</summary>
[MemoryDiagnoser]
public class OptionBenchmarks
{
    private readonly byte[] _option = [.. "IHAVEOPT"u8, 0, 0, 0, 7, 0, 0, 0, 6];
    private readonly byte[] _info = [0, 0, 0, 0, 0, 3, 0, 1, 0, 2, 0, 3];
    private readonly byte[] _metaContext = NewQuery("base:allocation");
    private readonly InfoOption _infoOption = new();
    private readonly MetaContextOption _metaContextOption = new();
    private NegotiationContext _context = null!;
    private ReplayTransport _transport = null!;
    private SparseStore _store = null!;

    /// <summary>Makes a connection in the handshake.</summary>
    [GlobalSetup]
    public void Begin()
    {
        _store = new SparseStore(1 << 20, PageMemory.Default);
        _transport = new ReplayTransport(new ReplaySocketIo([]));
        _context = new NegotiationContext(new StoreSource(_store), false, _transport.Output, NullLogger.Instance, _ => { }, CancellationToken.None);
        _context.State.Headers = HeaderForm.Structured;
    }

    /// <summary>Frees the disk.</summary>
    [GlobalCleanup]
    public void End()
    {
        _transport.Dispose();
        _store.Dispose();
    }

    /// <summary>The 16 bytes in front of every option.</summary>
    [Benchmark]
    public uint ParseHeader() => OptionHeader.Parse(_option).Length;

    /// <summary>NBD_OPT_INFO that asks for everything: opens the disk, tells of it, closes it.</summary>
    [Benchmark]
    public void Info()
    {
        _context.Option = OptionCode.Info;
        _infoOption.Handle(_context, _info);
        _transport.Output.Flush(wait: true);
    }

    /// <summary>NBD_OPT_SET_META_CONTEXT for base:allocation.</summary>
    [Benchmark]
    public void SetMetaContext()
    {
        _context.Option = OptionCode.SetMetaContext;
        _metaContextOption.Handle(_context, _metaContext);
        _transport.Output.Flush(wait: true);
    }

    private static byte[] NewQuery(string text)
    {
        // An empty export name, one query, its length, its text.
        var data = new byte[12 + text.Length];
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(8), (uint)text.Length);
        Encoding.ASCII.GetBytes(text, data.AsSpan(12));
        return data;
    }
}

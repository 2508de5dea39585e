using System.IO.Pipelines;
using SharpNbd.Abstractions;
using SharpNbd.Server;

namespace SharpNbd.TestKit;

/// <summary>
/// Serves a fuzzed client on the calling thread: without a socket, a clock or another thread, so that the same input always does the
/// same. Then checks everything that was promised.
/// </summary>
internal static class FuzzServer
{
    private const long Budget = 256 << 20;

    /// <summary>What a connection may allocate whatever its client says: buffers of a fixed size, and its own objects.</summary>
    private const long AllocatedAlways = 2 << 20;

    [ThreadStatic]
    private static byte[]? _content;

    /// <summary>Serves a client and checks what came of it.</summary>
    /// <param name="world">What the client meets.</param>
    /// <param name="client">What it says.</param>
    /// <param name="form">What it has to have agreed on before its requests, where that is known.</param>
    /// <returns>What it is told.</returns>
    public static byte[] Check(FuzzWorld world, byte[] client, FuzzForm? form)
    {
        var stream = new FuzzStream(client, world.Chunk);
        var source = new FuzzSource(world, _content ??= GC.AllocateUninitializedArray<byte>(FuzzWorld.ContentSize, pinned: true));
        var held = NativeBuffer.HeldByThread;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            Serve(world, source, stream);
        }
        finally
        {
            source.Dispose();
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        CheckMemory(world, client, allocated, NativeBuffer.HeldByThread - held);
        if (source.Finding is { } finding)
        {
            throw new FuzzFindingException(finding);
        }

        if (source.Open != 0)
        {
            throw new FuzzFindingException($"{source.Open} disks were not closed");
        }

        CheckWire(world, source, client, stream.Told, form);
        return stream.Told.ToArray();
    }

    private static void Serve(FuzzWorld world, FuzzSource source, FuzzStream stream)
    {
        var log = new FuzzLog();
        var budget = new MemoryBudget(Budget);
        Transport transport = world.IsSocket
            ? new SocketTransport(new FuzzIo(stream), "fuzz")
            : new PipeTransport(PipeReader.Create(stream), PipeWriter.Create(stream), "fuzz");
        new Connection(transport, source, OptionsOf(world), budget, new ManualTime(), log).Run();
        if (log.Fault is { } fault)
        {
            throw new FuzzFindingException(fault.ToString());
        }

        if (!budget.TryTake(Budget, TimeSpan.Zero))
        {
            throw new FuzzFindingException("some of the server's budget of memory was not given back");
        }
    }

    private static NbdServerOptions OptionsOf(FuzzWorld world) => WireServer.DefaultOptions with
    {
        ReadOnly = world.IsReadOnly,
        TlsSupport = world.Tls == FuzzTls.Off ? null : new TlsSupport(world.Tls == FuzzTls.On ? TlsMode.On : TlsMode.Require, new ClearTls()),
        Handshake = new HandshakeStyle
        {
            IsOldstyle = world.IsOldstyle,
            Mask = world.OffersNoFlags ? 0 : uint.MaxValue,
            RefusesStructuredReplies = world.RefusesStructuredReplies,
            RefusesMetaContexts = world.RefusesMetaContexts,
        },
    };

    // The disk that answers late allocates itself. Each option may open an export; each read may need a buffer that is not shared.
    private static void CheckMemory(FuzzWorld world, byte[] client, long allocated, long leaked)
    {
        if (leaked != 0)
        {
            throw new FuzzFindingException($"{leaked} bytes of payload buffers were not freed");
        }

        if (!world.IsLate && allocated > AllocatedAlways + (client.Length * 1024L))
        {
            throw new FuzzFindingException($"{client.Length} bytes of a client made the server allocate {allocated}");
        }
    }

    private static void CheckWire(FuzzWorld world, FuzzSource source, byte[] client, ReadOnlySpan<byte> server, FuzzForm? form)
    {
        var handshake = new FuzzHandshake(world, client, server);
        if (!handshake.Check())
        {
            CheckContent(source, FuzzSource.Start());
            return;
        }

        if (form is { } agreed && handshake.Form != agreed)
        {
            throw new FuzzFindingException($"{agreed} was asked for and {handshake.Form} agreed on");
        }

        var model = new FuzzModel(world, handshake.Form, handshake.HasAllocation, client.AsSpan(handshake.ClientPosition));
        new FuzzReplies(world, handshake.Form, server[handshake.ServerPosition..]).Check(model.Expected);
        CheckContent(source, model.Content);
    }

    private static void CheckContent(FuzzSource source, byte[] expected)
    {
        var same = source.Content.AsSpan().CommonPrefixLength(expected);
        if (same < expected.Length)
        {
            throw new FuzzFindingException($"byte {same} of the disk is 0x{source.Content[same]:x2} and not 0x{expected[same]:x2}");
        }
    }
}

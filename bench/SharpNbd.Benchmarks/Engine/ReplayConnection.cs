using Microsoft.Extensions.Logging.Abstractions;
using SharpNbd.Abstractions;
using SharpNbd.Server;

namespace SharpNbd.Benchmarks;

/// <summary>The transmission phase of one connection, put together as the server does it, with a client of memory.</summary>
internal sealed class ReplayConnection : IDisposable
{
    private readonly ReplaySocketIo _client;
    private readonly ReplayTransport _transport;
    private readonly RequestPool _pool = new(new MemoryBudget(Limits.BytesPerServer), CancellationToken.None);
    private readonly ReplySender _replies;
    private readonly TransmissionLoop _loop;

    public ReplayConnection(Disk disk, byte[] batch, bool isStructured)
    {
        const int requestsPerConnection = 16;
        var headers = isStructured ? HeaderForm.Structured : HeaderForm.Simple;
        var export = new ExportFacts(disk, isReadOnly: false);
        var gate = new InFlightGate(requestsPerConnection);
        _client = new ReplaySocketIo(batch);
        _transport = new ReplayTransport(_client);
        _replies = new ReplySender(disk, _transport.Output, new ReplyEncoder(headers, MetaContextOption.AllocationId), _pool, gate, _client.Abort);
        var guard = new RequestGuard(export, headers, hasAllocation: false);
        var dispatcher = new Dispatcher(disk, export, _replies, gate, lends: true, NullLogger.Instance, CancellationToken.None);
        _loop = new TransmissionLoop(
            _transport.Input, new RequestForm(headers, Limits.MaximumPayload), guard, dispatcher, _replies, _pool, gate, NullLogger.Instance);
    }

    /// <summary>Serves the batch so many times.</summary>
    public void Serve(int batches)
    {
        _client.Rewind(batches);
        if (_loop.Run() != TransmissionEnd.Disconnected)
        {
            throw new InvalidOperationException("the client was not served to its end");
        }
    }

    public void Dispose()
    {
        _pool.Free();
        _replies.Dispose();
        _transport.Dispose();
    }
}

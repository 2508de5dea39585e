using SharpNbd.Server;

namespace SharpNbd.Benchmarks;

/// <summary>The transport of a socket, over something else than a socket.</summary>
internal sealed class ReplayTransport(SocketIo io) : Transport
{
    public override string Peer => "memory";

    public override WireInput Input { get; } = new(new SocketPipeReader(io));

    public override GatherWriter Output { get; } = new SocketPipeWriter(io);

    public override void StopReceiving() => io.StopReceiving();

    public override void Abort() => io.Abort();

    public override void Dispose() => io.Dispose();
}

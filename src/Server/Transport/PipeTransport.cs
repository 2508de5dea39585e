using System.IO.Pipelines;

namespace SharpNbd.Server;

/// <summary>A connection over any pair of pipe reader and writer: a stream's, or one within the process.</summary>
/// <param name="reader">What the client sends.</param>
/// <param name="writer">What the client gets.</param>
/// <param name="peer">The peer's name for the log.</param>
internal sealed class PipeTransport(PipeReader reader, PipeWriter writer, string peer) : Transport
{
    public override string Peer { get; } = peer;

    public override WireInput Input { get; } = new(reader);

    public override GatherWriter Output { get; } = new CopyingGatherWriter(writer);

    public override void StopReceiving() => Input.Stop();

    public override void Abort()
    {
        Input.Stop();
        writer.CancelPendingFlush();
    }

    public override void Dispose()
    {
        reader.Complete();
        writer.Complete();
    }
}

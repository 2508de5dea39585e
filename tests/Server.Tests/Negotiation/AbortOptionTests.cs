using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>NBD_OPT_ABORT.</summary>
public sealed class AbortOptionTests : IAsyncDisposable
{
    private readonly WireServer _server = new(new RecordingDisk());

    [Fact]
    public void ItIsAcknowledgedBeforeTheEnd()
        => _server.Connect().Greet().Option(Wire.Abort).ExpectReply(Wire.Abort, Wire.Ack).ExpectEnd();

    [Fact]
    public void ItsDataIsIgnored()
        => _server.Connect().Greet().Option(Wire.Abort, 1, 2, 3).ExpectReply(Wire.Abort, Wire.Ack).ExpectEnd();

    [Fact]
    public void AClientThatDoesNotWaitForTheAnswerIsNoReasonForALine()
    {
        _server.Connect().Greet().Option(Wire.Abort).Dispose();

        _server.Connect().Greet().Option(Wire.Abort).ExpectReply(Wire.Abort, Wire.Ack).ExpectEnd();
        Assert.Empty(_server.Log.Lines);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

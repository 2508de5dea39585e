using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>NBD_OPT_STRUCTURED_REPLY.</summary>
public sealed class StructuredReplyOptionTests : IAsyncDisposable
{
    private readonly WireServer _server = new(new RecordingDisk());

    [Fact]
    public void ItIsGrantedAndReadsAreStructuredAndMayNotBeFragmented()
        => _server.Connect()
            .Greet()
            .Option(Wire.StructuredReply).ExpectReply(Wire.StructuredReply, Wire.Ack)
            .Option(Wire.Go, Wire.InfoData(""))
            .ExpectReply(Wire.Go, Wire.InfoReply, [0, 0, .. Wire.U64(1 << 20), 0x0d, 0xed]) // with SEND_DF
            .ExpectReply(Wire.Go, Wire.Ack)
            .Request(Wire.Read, 1, 0, 2).Expect(Wire.OffsetData(1, 0, [0, 0]))
            .Disconnect();

    [Fact]
    public void AskingAgainIsHarmless()
        => _server.Connect().Greet().WantStructuredReplies().WantStructuredReplies().Go().Disconnect();

    [Fact]
    public void WithDataItIsInvalidAndNotGranted()
        => _server.Connect()
            .Greet()
            .Option(Wire.StructuredReply, 0).ExpectError(Wire.StructuredReply, Wire.ErrInvalid)
            .Go()
            .Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, 0)
            .Disconnect();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

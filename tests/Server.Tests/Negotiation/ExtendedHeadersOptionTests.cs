using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>NBD_OPT_EXTENDED_HEADERS.</summary>
public sealed class ExtendedHeadersOptionTests : IAsyncDisposable
{
    private readonly WireServer _server = new(new RecordingDisk());

    [Fact]
    public void ItIsGrantedWithoutStructuredRepliesAndBringsThem()
        => _server.Connect()
            .Greet()
            .WantExtendedHeaders()
            .Option(Wire.Go, Wire.InfoData(""))
            .ExpectReply(Wire.Go, Wire.InfoReply, [0, 0, .. Wire.U64(1 << 20), 0x0d, 0xed]) // with SEND_DF
            .ExpectReply(Wire.Go, Wire.Ack)
            .ExtendedRequest(Wire.Read, 1, 512, 2).Expect(ExtendedWire.OffsetData(1, 512, [0, 0]))
            .DisconnectExtended();

    [Fact]
    public void ItTakesPrecedenceOverStructuredReplies()
        => _server.Connect()
            .Greet()
            .WantStructuredReplies()
            .WantExtendedHeaders()
            .Go()
            .ExtendedRequest(Wire.Read, 1, 0, 1).Expect(ExtendedWire.OffsetData(1, 0, [0]))
            .DisconnectExtended();

    [Fact]
    public void StructuredRepliesBehindItAreRefusedAndItStays()
        => _server.Connect()
            .Greet()
            .WantExtendedHeaders()
            .Option(Wire.StructuredReply).ExpectError(Wire.StructuredReply, Wire.ErrExtHeaderReqd, "extended headers")
            .Go()
            .ExtendedRequest(Wire.Flush, 1, 0, 0).ExpectDone(1, 0)
            .DisconnectExtended();

    [Fact]
    public void AskingAgainIsHarmless()
        => _server.Connect().Greet().WantExtendedHeaders().WantExtendedHeaders().Go().DisconnectExtended();

    [Fact]
    public void WithDataItIsInvalidAndNotGranted()
        => _server.Connect()
            .Greet()
            .Option(Wire.ExtendedHeaders, 0).ExpectError(Wire.ExtendedHeaders, Wire.ErrInvalid, "no data")
            .Go()
            .Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, 0)
            .Disconnect();

    [Fact]
    public async Task ExportNameBehindItClosesTheConnectionAndOpensNothing()
    {
        var source = new StaticSource(new RecordingDisk());
        await using var server = new WireServer(source);
        server.Connect().Greet().WantExtendedHeaders().Option(Wire.ExportName).ExpectEnd();

        server.Log.WaitFor("EXPORT_NAME, which extended headers forbid");
        Assert.Empty(source.Requests);
    }

    [Fact]
    public void ItIsEnoughForMetaContexts()
        => _server.Connect()
            .OpenExtended()
            .ExtendedRequest(Wire.BlockStatus, 1, 0, 512).Expect(ExtendedWire.Status(1, 0, (512, 0)))
            .DisconnectExtended();

    [Fact]
    public void BlockStatusWithAPayloadIsOfferedWithAContextOnly()
    {
        AssertFlags(0x0d, 0xed, _server.Connect().Greet().WantExtendedHeaders(), "");
        AssertFlags(0x1d, 0xed, _server.Connect().Greet().WantExtendedHeaders().WantAllocation(), "");
        AssertFlags(0x0d, 0xed, _server.Connect().Greet().WantExtendedHeaders().WantAllocation(), "other");
        AssertFlags(0x0d, 0xed, _server.Connect().Greet().WantStructuredReplies().WantAllocation(), "");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // INFO and GO have to say the same.
    private static void AssertFlags(byte high, byte low, WireClient client, string export)
    {
        foreach (var option in (uint[])[Wire.Info, Wire.Go])
        {
            client.Option(option, Wire.InfoData(export))
                .ExpectReply(option, Wire.InfoReply, [0, 0, .. Wire.U64(1 << 20), high, low])
                .ExpectReply(option, Wire.Ack);
        }
    }
}

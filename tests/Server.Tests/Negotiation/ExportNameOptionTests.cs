using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>NBD_OPT_EXPORT_NAME, which has no error replies.</summary>
public sealed class ExportNameOptionTests : IAsyncDisposable
{
    // Size 0x123456; everything is offered.
    private readonly StaticSource _source = new(request => request.ExportName is "" or "disk"
        ? new RecordingDisk(0x123456)
        : throw new NbdException(NbdError.EINVAL, "no such export"));

    private readonly WireServer _server;

    public ExportNameOptionTests() => _server = new WireServer(_source);

    [Fact]
    public void TheAnswerHasNoPaddingWhenTheClientWantsNone()
        => _server.Connect()
            .Greet(3)
            .Option(Wire.ExportName, [.. "disk"u8])
            .Expect(
                0x00, 0x00, 0x00, 0x00, 0x00, 0x12, 0x34, 0x56, // size
                0x0d, 0x6d) // transmission flags: all but SEND_DF, READ_ONLY and ROTATIONAL
            .Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, 0)
            .Disconnect();

    [Fact]
    public void TheAnswerIsPaddedWhenTheClientDoesNotSayOtherwise()
        => _server.Connect()
            .Greet(1)
            .Option(Wire.ExportName, [.. "disk"u8])
            .Expect([0x00, 0x00, 0x00, 0x00, 0x00, 0x12, 0x34, 0x56, 0x0d, 0x6d, .. new byte[124]])
            .Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, 0)
            .Disconnect();

    [Fact]
    public void StructuredRepliesThatWereAgreedOnBeforeAreUsed()
        => _server.Connect()
            .Greet()
            .WantStructuredReplies()
            .Option(Wire.ExportName)
            .Expect([.. Wire.U64(0x123456), 0x0d, 0xed]) // with SEND_DF
            .Request(Wire.Read, 1, 5, 1).Expect(Wire.OffsetData(1, 5, [0]))
            .Disconnect();

    [Fact]
    public void AnUnknownExportClosesTheConnectionWithOneLine()
    {
        _server.Connect().Greet().Option(Wire.ExportName, [.. "nosuch"u8]).ExpectEnd();

        _server.Log.WaitFor("no such export");
        Assert.Single(_server.Log.Lines);
    }

    [Theory]
    [InlineData(4097)]
    [InlineData(70_000)]
    [InlineData(2_000_000)]
    public void ANameThatIsTooLongClosesTheConnection(int length)
    {
        _server.Connect().Greet().Send([.. "IHAVEOPT"u8, .. Wire.U32(Wire.ExportName), .. Wire.U32(length), .. Wire.Filled(4097, (byte)'a')]).ExpectEnd();

        _server.Log.WaitFor("disconnected");
        Assert.Empty(_source.Requests);
    }

    [Fact]
    public void ANameWithANulClosesTheConnection()
    {
        _server.Connect().Greet().Option(Wire.ExportName, (byte)'a', 0).ExpectEnd();

        _server.Log.WaitFor("NUL");
        Assert.Empty(_source.Requests);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

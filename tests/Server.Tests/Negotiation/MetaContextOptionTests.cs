using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>NBD_OPT_LIST_META_CONTEXT and NBD_OPT_SET_META_CONTEXT.</summary>
public sealed class MetaContextOptionTests : IAsyncDisposable
{
    // Context ids: 0 where it is listed, ours where it is set.
    private static readonly byte[] Listed = [0, 0, 0, 0, .. "base:allocation"u8];
    private static readonly byte[] Chosen = [0, 0, 0, 1, .. "base:allocation"u8];

    private readonly WireServer _server = new(new StaticSource(_ => new RecordingDisk()) { DefaultExport = "main" });

    [Fact]
    public void ListingNeedsNoStructuredReplies()
        => List(_server.Connect().Greet(), Wire.MetaContextData("", "base:allocation"), isFound: true);

    [Fact]
    public void SettingNeedsStructuredReplies()
        => _server.Connect()
            .Greet()
            .Option(Wire.SetMetaContext, Wire.MetaContextData("", "base:allocation"))
            .ExpectError(Wire.SetMetaContext, Wire.ErrInvalid, "structured replies")
            .Go()
            .Disconnect();

    [Fact]
    public void NoQueriesListAll() => List(Structured(), Wire.MetaContextData(""), isFound: true);

    [Fact]
    public void TheWildcardListsAll() => List(Structured(), Wire.MetaContextData("", "base:"), isFound: true);

    [Fact]
    public void AMatchIsListedOnce() => List(Structured(), Wire.MetaContextData("", "base:", "base:allocation", "base:"), isFound: true);

    [Theory]
    [InlineData("")]
    [InlineData("base")]
    [InlineData("base:alloc")]
    [InlineData("base:allocation ")]
    [InlineData("BASE:ALLOCATION")]
    [InlineData("qemu:dirty-bitmap:x")]
    [InlineData("x-other:")]
    public void OtherQueriesFindNothing(string query)
    {
        List(Structured(), Wire.MetaContextData("", query), isFound: false);
        Structured()
            .Option(Wire.SetMetaContext, Wire.MetaContextData("", query))
            .ExpectReply(Wire.SetMetaContext, Wire.Ack)
            .Go()
            .Request(Wire.BlockStatus, 1, 0, 512).ExpectErrorChunk(1, Wire.Invalid, "meta context")
            .Disconnect();
    }

    [Fact]
    public void SettingChoosesTheContextForTheExport()
        => Structured()
            .Option(Wire.SetMetaContext, Wire.MetaContextData("", "x-other:thing", "base:allocation"))
            .ExpectReply(Wire.SetMetaContext, Wire.MetaContextReply, Chosen)
            .ExpectReply(Wire.SetMetaContext, Wire.Ack)
            .Go()
            .Request(Wire.BlockStatus, 1, 0, 512).Expect(Wire.Status(1, (512, 0)))
            .Disconnect();

    [Fact]
    public void ARepeatedQueryChoosesOnce()
        => Structured()
            .Option(Wire.SetMetaContext, Wire.MetaContextData("", "base:allocation", "base:allocation"))
            .ExpectReply(Wire.SetMetaContext, Wire.MetaContextReply, Chosen)
            .ExpectReply(Wire.SetMetaContext, Wire.Ack);

    [Fact]
    public void TheWildcardChoosesNothing() => AssertNotChosen(Structured()
        .Option(Wire.SetMetaContext, Wire.MetaContextData("", "base:"))
        .ExpectReply(Wire.SetMetaContext, Wire.Ack));

    [Fact]
    public void SettingNothingTakesBackWhatWasSet() => AssertNotChosen(Structured()
        .WantAllocation()
        .Option(Wire.SetMetaContext, Wire.MetaContextData(""))
        .ExpectReply(Wire.SetMetaContext, Wire.Ack));

    [Fact]
    public void SettingThatFailsTakesBackWhatWasSet() => AssertNotChosen(Structured()
        .WantAllocation()
        .Option(Wire.SetMetaContext, 1, 2, 3)
        .ExpectError(Wire.SetMetaContext, Wire.ErrInvalid));

    [Fact]
    public void ListingTakesNothingBack()
    {
        var client = Structured().WantAllocation();
        List(client, Wire.MetaContextData("other", "x-other:"), isFound: false);
        client.Go().Request(Wire.BlockStatus, 1, 0, 512).Expect(Wire.Status(1, (512, 0))).Disconnect();
    }

    [Fact]
    public void AnotherExportHasNoContext()
    {
        Structured()
            .WantAllocation("first")
            .Go("second")
            .Request(Wire.BlockStatus, 1, 0, 512).ExpectErrorChunk(1, Wire.Invalid)
            .Disconnect();
        Structured()
            .WantAllocation("first")
            .Option(Wire.ExportName, [.. "second"u8]).Expect([.. Wire.U64(1 << 20), 0x0d, 0xed])
            .Request(Wire.BlockStatus, 1, 0, 512).ExpectErrorChunk(1, Wire.Invalid)
            .Disconnect();
    }

    [Fact]
    public void AskingAboutAnotherExportInBetweenTakesNothingBack()
        => Structured()
            .WantAllocation("first")
            .Option(Wire.Info, Wire.InfoData("second"))
            .ExpectReply(Wire.Info, Wire.InfoReply, [0, 0, .. Wire.U64(1 << 20), 0x0d, 0xed])
            .ExpectReply(Wire.Info, Wire.Ack)
            .Go("first")
            .Request(Wire.BlockStatus, 1, 0, 512).Expect(Wire.Status(1, (512, 0)))
            .Disconnect();

    [Theory]
    [InlineData(new byte[0])] // nothing at all
    [InlineData(new byte[] { 0, 0, 0, 0 })] // no number of queries
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0 })] // half of it
    [InlineData(new byte[] { 0, 0, 0, 9, 0, 0, 0, 0 })] // a name that is cut
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0 })] // a name of 4 GiB
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 1 })] // a query is missing
    [InlineData(new byte[] { 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff })] // four billion are
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 5, (byte)'b', (byte)'a', (byte)'s', (byte)'e' })] // a query that is cut
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, (byte)'b' })] // a query of 4 GiB
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0 })] // a byte too many
    public void LengthsThatDoNotAgreeAreInvalidAndTheStreamStaysInStep(byte[] data)
    {
        foreach (var option in (uint[])[Wire.ListMetaContext, Wire.SetMetaContext])
        {
            Structured()
                .Option(option, data).ExpectError(option, Wire.ErrInvalid)
                .WantAllocation()
                .Go()
                .Disconnect();
        }
    }

    [Fact]
    public void TextsThatAreTooLongOrNoTextAreInvalid()
    {
        foreach (var option in (uint[])[Wire.ListMetaContext, Wire.SetMetaContext])
        {
            Structured()
                .Option(option, [.. Wire.Text(Wire.Filled(4097, (byte)'a')), .. Wire.U32(0)]).ExpectError(option, Wire.ErrInvalid, "4097")
                .Option(option, [.. Wire.Text([0]), .. Wire.U32(0)]).ExpectError(option, Wire.ErrInvalid, "NUL")
                .Option(option, [.. Wire.Text([0x80]), .. Wire.U32(0)]).ExpectError(option, Wire.ErrInvalid, "UTF-8")
                .Option(option, [.. Wire.Text(""), .. Wire.U32(1), .. Wire.Text(Wire.Filled(4097, (byte)'a'))])
                .ExpectError(option, Wire.ErrInvalid, "4097")
                .Go()
                .Disconnect();
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static void List(WireClient client, byte[] data, bool isFound)
    {
        client.Option(Wire.ListMetaContext, data);
        if (isFound)
        {
            client.ExpectReply(Wire.ListMetaContext, Wire.MetaContextReply, Listed);
        }

        client.ExpectReply(Wire.ListMetaContext, Wire.Ack);
    }

    private static void AssertNotChosen(WireClient client)
        => client.Go().Request(Wire.BlockStatus, 1, 0, 512).ExpectErrorChunk(1, Wire.Invalid, "meta context").Disconnect();

    private WireClient Structured() => _server.Connect().Greet().WantStructuredReplies();
}

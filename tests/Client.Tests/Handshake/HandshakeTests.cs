using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Client.Tests;

public sealed class HandshakeTests : IDisposable
{
    private readonly ScriptedServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task EverythingThatTheServerTellsOfAnExportIsKnown()
    {
        var (client, _) = await _server.OpenAsync(
            server => ScriptedServer.Greet(server)
                .Expect(Wire.Option(Wire.ExtendedHeaders, [])).Send(Wire.OptionReply(Wire.ExtendedHeaders, Wire.ErrUnsup, [.. "never heard"u8]))
                .Expect(Wire.Option(Wire.StructuredReply, [])).Send(Wire.OptionReply(Wire.StructuredReply, Wire.Ack, []))
                .Expect(Wire.Option(Wire.SetMetaContext, Wire.MetaContextData("ex", "base:allocation")))
                .Send(Wire.OptionReply(Wire.SetMetaContext, Wire.MetaContextReply, [.. Wire.U32(1), .. "base:allocation"u8]))
                .Send(Wire.OptionReply(Wire.SetMetaContext, Wire.Ack, []))
                .Expect(ScriptedServer.GoOption("ex"))
                .Send(Wire.OptionReply(Wire.Go, Wire.InfoReply, [.. Wire.U16(1), .. "the name"u8]))
                .Send(Wire.OptionReply(Wire.Go, Wire.InfoReply, [.. Wire.U16(2), .. "a disk"u8]))
                .Send(Wire.OptionReply(Wire.Go, Wire.InfoReply, [.. Wire.U16(99), .. "not known"u8]))
                .Send(Wire.OptionReply(Wire.Go, Wire.InfoReply, [.. Wire.U16(3), .. Wire.U32(512), .. Wire.U32(4096), .. Wire.U32(1 << 20)]))
                .Send(ScriptedServer.ExportInfo())
                .Send(Wire.OptionReply(Wire.Go, Wire.Ack, [])),
            new NbdClientOptions { ExportName = "ex" });

        Assert.Equal(
            new NbdExport
            {
                Name = "the name", Description = "a disk", Size = ScriptedServer.Size, BlockSize = new BlockSize(512, 4096, 1 << 20),
                CanFlush = true, CanFua = true, CanTrim = true, CanZero = true, CanFastZero = true, CanCache = true, CanMultiConn = true,
                CanExtents = true, IsRotational = true, Protocol = "newstyle-fixed, structured replies",
            },
            client.Export);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task AnOptionThatTheServerHasNotLearnedIsReplacedByAnOlderOne()
    {
        var (client, _) = await _server.OpenAsync(server => ScriptedServer.Greet(server)
            .Expect(Wire.Option(Wire.ExtendedHeaders, [])).Send(Wire.OptionReply(Wire.ExtendedHeaders, Wire.ErrUnsup, []))
            .Expect(Wire.Option(Wire.StructuredReply, [])).Send(Wire.OptionReply(Wire.StructuredReply, Wire.ErrUnsup, []))
            .Expect(ScriptedServer.GoOption("")).Send(Wire.OptionReply(Wire.Go, Wire.ErrUnsup, []))
            .Expect(Wire.Option(Wire.ExportName, [])).Send([.. Wire.U64(4096), .. Wire.U16(1 | 2)]));

        Assert.Equal((4096, true, false), (client.Size, client.Export.IsReadOnly, client.Export.CanExtents));
        Assert.Equal("newstyle-fixed, simple replies", client.Export.Protocol);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task AServerThatIsNotFixedIsAskedForTheExportOnly()
    {
        var (client, _) = await _server.OpenAsync(
            server => server
                .Send([.. "NBDMAGIC"u8, .. "IHAVEOPT"u8, .. Wire.U16(0)]).Expect(Wire.U32(0))
                .Expect(Wire.Option(Wire.ExportName, [.. "disk"u8])).Send([.. Wire.U64(4096), .. Wire.U16(5), .. new byte[124]]),
            new NbdClientOptions { ExportName = "disk" });

        Assert.Equal(("newstyle, simple replies", 4096, true), (client.Export.Protocol, client.Size, client.Export.CanFlush));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task AnOldstyleServerSaysAllAtOnce()
    {
        var (client, _) = await _server.OpenAsync(server => server.Send(
            [.. "NBDMAGIC"u8, .. Wire.U64(0x0000420281861253), .. Wire.U64(8192), .. Wire.U16(0), .. Wire.U16(1 | 2), .. new byte[124]]));

        Assert.Equal(("oldstyle, simple replies", 8192, true), (client.Export.Protocol, client.Size, client.Export.IsReadOnly));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task ExportsAreListedWithTheirDescriptions()
    {
        var listing = NbdClient.ListAsync(_server.Address, new NbdClientOptions());
        using var server = _server.Accept();
        ScriptedServer.Greet(server).Expect(Wire.Option(Wire.List, []))
            .Send(Wire.OptionReply(Wire.List, Wire.ServerReply, Wire.Text("")))
            .Send(Wire.OptionReply(Wire.List, Wire.ServerReply, [.. Wire.Text("b"), .. "the second"u8]))
            .Send(Wire.OptionReply(Wire.List, Wire.Ack, []))
            .Expect(Wire.Option(Wire.Abort, []));

        Assert.Equal([new ExportInfo(""), new ExportInfo("b", "the second")], await listing);
    }

    [Fact]
    public async Task AnExportIsDescribedWithoutBeingOpened()
    {
        var describing = NbdClient.DescribeAsync(_server.Address, new NbdClientOptions());
        using var server = _server.Accept();
        ScriptedServer.Greet(server).Expect(Wire.Option(Wire.Info, Wire.InfoData("", 1, 2, 3)))
            .Send(Wire.OptionReply(Wire.Info, Wire.InfoReply, [.. Wire.U16(0), .. Wire.U64(77), .. Wire.U16(1)]))
            .Send(Wire.OptionReply(Wire.Info, Wire.InfoReply, [.. Wire.U16(1), .. "main"u8]))
            .Send(Wire.OptionReply(Wire.Info, Wire.Ack, []))
            .Expect(Wire.Option(Wire.Abort, []));

        Assert.Equal(("main", 77), (await describing) is { } export ? (export.Name, export.Size) : default);
    }

    [Theory]
    [InlineData(Wire.ErrTlsReqd, "the server requires TLS")]
    [InlineData(Wire.ErrUnknown, "the server does not know it (no such thing)")]
    [InlineData(0x8000abcdU, "the server answered 0x8000abcd (no such thing)")]
    public async Task ARefusalIsOneLineWithTheServersWords(uint error, string words)
    {
        var opening = _server.OpenAsync(server => ScriptedServer.Greet(server)
            .Expect(Wire.Option(Wire.ExtendedHeaders, [])).Send(Wire.OptionReply(Wire.ExtendedHeaders, Wire.ErrUnsup, []))
            .Expect(Wire.Option(Wire.StructuredReply, [])).Send(Wire.OptionReply(Wire.StructuredReply, Wire.ErrUnsup, []))
            .Expect(ScriptedServer.GoOption("")).Send(Wire.OptionReply(Wire.Go, error, [.. "no such thing"u8])));

        var refusal = await Assert.ThrowsAsync<NbdConnectionException>(() => opening);
        Assert.True(refusal.IsRefusal);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task TlsIsNotGoneWithoutWhereItIsRequired()
    {
        var opening = _server.OpenAsync(
            server => ScriptedServer.Greet(server).Expect(Wire.Option(Wire.StartTls, [])).Send(Wire.OptionReply(Wire.StartTls, Wire.ErrPolicy, [])),
            new NbdClientOptions { Tls = new NbdTlsOptions { Mode = NbdTlsMode.Require } });

        Assert.Contains("policy", (await Assert.ThrowsAsync<NbdConnectionException>(() => opening)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[], string> Nonsense => new()
    {
        { "another protocol", [.. "SSH-2.0-OpenSSH_"u8], "not an NBD server" },
        { "half of the magic", [.. "NBDMAGIC"u8, .. "SOMETHIN"u8], "not an NBD server" },
        { "the end", [.. "NBDMA"u8], "closed the connection" },
        { "an absurd size", Opened(ScriptedServer.ExportInfo(size: 0x8000000000000000)), "absurd size" },
        { "no size", Opened(), "without telling its size" },
        { "a short size", Opened(Wire.OptionReply(Wire.Go, Wire.InfoReply, [.. Wire.U16(0), 1])), "makes no sense" },
        { "crooked blocks", Opened(Wire.OptionReply(Wire.Go, Wire.InfoReply, [.. Wire.U16(3), .. Wire.U32(3), .. Wire.U32(4096), .. Wire.U32(4096)])), "block sizes make no sense" },
        { "an acknowledgement with data", [.. Greeted(), .. Wire.OptionReply(Wire.ExtendedHeaders, Wire.Ack, [1])], "makes no sense" },
        { "an answer to something else", [.. Greeted(), .. Wire.OptionReply(Wire.List, Wire.Ack, [])], "something else" },
        { "a long answer", [.. Greeted(), .. Wire.U64(0x0003e889045565a9), .. Wire.U32(Wire.ExtendedHeaders), .. Wire.U32(Wire.ErrUnsup), .. Wire.U32(0x7fffffff)], "make no sense" },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task NonsenseIsRefusedWithOneLine(string what, byte[] bytes, string words)
    {
        var connecting = NbdClient.ConnectAsync(_server.Address, new NbdClientOptions());
        using (var server = _server.Accept())
        {
            server.Send(bytes);
            if (what != "the end")
            {
                // Whatever else the client has said by then, it leaves; what it has not read makes that a reset.
                await Record.ExceptionAsync(() => Task.Run(server.ReceiveToEnd));
            }
        }

        var refusal = await Assert.ThrowsAsync<NbdConnectionException>(() => connecting);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task AServerThatSaysNothingIsLeftInTime()
    {
        var connecting = NbdClient.ConnectAsync(_server.Address, new NbdClientOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(50) });
        using var server = _server.Accept();

        var refusal = await Assert.ThrowsAsync<NbdConnectionException>(() => connecting);
        Assert.Contains("did not finish the handshake", refusal.Message, StringComparison.Ordinal);
        server.ExpectEnd();
    }

    [Fact]
    public async Task ConnectingIsGivenUpWhenNobodyWaits()
    {
        using var cancellation = new CancellationTokenSource();
        var connecting = NbdClient.ConnectAsync(_server.Address, new NbdClientOptions(), cancellation.Token);
        using var server = _server.Accept();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        server.ExpectEnd();
    }

    [Fact]
    public async Task NobodyAtTheAddressIsOneLine()
    {
        var refusal = await Assert.ThrowsAsync<NbdConnectionException>(() => NbdClient.ConnectAsync("nbd+unix:///?socket=/nowhere/socket"));

        Assert.Contains("/nowhere/socket", refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] Greeted() => Wire.Greeting();

    private static byte[] Opened(params byte[] replies) =>
    [
        .. Greeted(), .. Wire.OptionReply(Wire.ExtendedHeaders, Wire.ErrUnsup, []), .. Wire.OptionReply(Wire.StructuredReply, Wire.ErrUnsup, []),
        .. replies, .. Wire.OptionReply(Wire.Go, Wire.Ack, []),
    ];
}

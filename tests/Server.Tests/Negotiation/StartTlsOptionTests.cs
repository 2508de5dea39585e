using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>NBD_OPT_STARTTLS and what it does to the handshake around it.</summary>
public sealed class StartTlsOptionTests
{
    private const int Large = 3 << 20;

    [Fact]
    public async Task WithoutCredentialsItIsAgainstThePolicyAndTheClientMayGoOnWithout()
    {
        await using var server = new WireServer(new RecordingDisk());

        server.Connect().Greet().Option(Wire.StartTls).ExpectError(Wire.StartTls, Wire.ErrPolicy, "TLS").Go().Disconnect();
    }

    [Theory]
    [InlineData(TlsMode.Off)]
    [InlineData(TlsMode.On)]
    [InlineData(TlsMode.Require)]
    internal async Task WithDataItIsInvalid(TlsMode mode)
    {
        await using var tls = new TlsWireServer(TlsMode.On);
        await using var clear = new WireServer(new RecordingDisk());

        var server = mode == TlsMode.Off ? clear : tls.Server;

        server.Connect().Greet().Option(Wire.StartTls, 0).ExpectError(Wire.StartTls, Wire.ErrInvalid).Go().Disconnect();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BehindItTheWholeProtocolIsSpokenEncrypted(bool isSocket)
    {
        await using var tls = new TlsWireServer(TlsMode.Require);

        var client = isSocket ? tls.Server.ConnectOverSocket() : tls.Server.Connect();
        var encrypted = client.Greet().StartTls(TlsWireServer.Encrypt).WantStructuredReplies().WantAllocation().Go();

        encrypted.Request(Wire.Read, 1, 0, Large).Expect(Wire.OffsetData(1, 0, Wire.Filled(Large, TlsWireServer.Fill)));
        encrypted.Write(2, 0, Wire.Filled(Large, 0x11)).ExpectSimple(2);
        encrypted.Write(3, 5, [1, 2, 3]).ExpectSimple(3);
        encrypted.Disconnect();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task BothVersionsOfTlsWork(SslProtocols version)
    {
        await using var tls = new TlsWireServer();

        var client = tls.Server.Connect().Greet().StartTls(connection => TlsWireServer.Encrypt(connection, version)).Go();

        client.Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, TlsWireServer.Fill).Disconnect();
    }

    [Fact]
    public async Task TheDiskIsToldThatTheConnectionIsEncrypted()
    {
        var source = new StaticSource(new RecordingDisk());
        await using var tls = new TlsWireServer(source: source);

        tls.Server.Connect().Greet().Go().Disconnect();
        tls.Server.Connect().Greet().StartTls(TlsWireServer.Encrypt).Go().Disconnect();

        Assert.Equal([false, true], source.Requests.Select(request => request.IsTls));
    }

    [Fact]
    public async Task ItCannotBeRepeated()
    {
        await using var tls = new TlsWireServer();

        tls.Server.Connect().Greet().StartTls(TlsWireServer.Encrypt)
            .Option(Wire.StartTls).ExpectError(Wire.StartTls, Wire.ErrInvalid, "already").Go().Disconnect();
    }

    [Fact]
    public async Task WhatWasAgreedOnInTheClearIsForgotten()
    {
        await using var tls = new TlsWireServer();
        var client = tls.Server.Connect().Greet().WantStructuredReplies().WantAllocation().StartTls(TlsWireServer.Encrypt);

        client.Option(Wire.SetMetaContext, Wire.MetaContextData("", "base:allocation")).ExpectError(Wire.SetMetaContext, Wire.ErrInvalid);

        client.Go().Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, TlsWireServer.Fill);
        client.Request(Wire.BlockStatus, 2, 0, 1).ExpectSimple(2, Wire.Invalid).Disconnect();
    }

    [Fact]
    public async Task TheNumberOfOptionsIsNotForgotten()
    {
        await using var tls = new TlsWireServer();
        var client = tls.Server.Connect().Greet();
        for (var i = 0; i < 20; i++)
        {
            client.Option(999).ExpectError(999, Wire.ErrUnsup);
        }

        client = client.StartTls(TlsWireServer.Encrypt);
        for (var i = 0; i < 11; i++)
        {
            client.Option(999).ExpectError(999, Wire.ErrUnsup);
        }

        client.Option(999).ExpectEnd();
    }

    [Fact]
    public async Task BytesInTheClearBehindItAreNeverTakenForEncryptedOnes()
    {
        await using var tls = new TlsWireServer();

        tls.Server.ConnectOverSocket().Greet().Send([.. Wire.Option(Wire.StartTls, []), .. Wire.Option(Wire.List, [])]).ExpectEnd();

        Assert.Contains("in the clear behind STARTTLS", tls.Server.Log.WaitFor("disconnected"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Wire.List)]
    [InlineData(Wire.StructuredReply)]
    [InlineData(Wire.Info)]
    [InlineData(Wire.Go)]
    [InlineData(Wire.ListMetaContext)]
    [InlineData(Wire.SetMetaContext)]
    [InlineData(Wire.PeekExport)]
    [InlineData(Wire.ExtendedHeaders)]
    [InlineData(999)]
    public async Task WhereItIsRequiredEveryOtherOptionWaitsForIt(uint option)
    {
        await using var tls = new TlsWireServer(TlsMode.Require);

        tls.Server.Connect().Greet().Option(option, 1, 2, 3).ExpectError(option, Wire.ErrTlsReqd, "STARTTLS")
            .StartTls(TlsWireServer.Encrypt).Go().Disconnect();
    }

    [Fact]
    public async Task WhereItIsRequiredExportNameEndsTheConnection()
    {
        await using var tls = new TlsWireServer(TlsMode.Require);

        tls.Server.Connect().Greet().Option(Wire.ExportName).ExpectEnd();

        Assert.Contains("without TLS", tls.Server.Log.WaitFor("disconnected"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereItIsRequiredAClientMayStillLeave()
    {
        await using var tls = new TlsWireServer(TlsMode.Require);

        tls.Server.Connect().Greet().Option(Wire.Abort).ExpectReply(Wire.Abort, Wire.Ack).ExpectEnd();
    }

    [Fact]
    public async Task ExportNameIsAllowedBehindIt()
    {
        await using var tls = new TlsWireServer(TlsMode.Require);

        var client = tls.Server.Connect().Greet().StartTls(TlsWireServer.Encrypt).Option(Wire.ExportName);

        client.Expect(Wire.U64(1 << 30)).Receive(2);
        client.Request(Wire.Read, 1, 0, 1).ExpectSimple(1, 0, TlsWireServer.Fill).Disconnect();
    }

    [Fact]
    public async Task WhatIsNoTlsEndsTheConnectionWithOneLine()
    {
        await using var tls = new TlsWireServer();
        var client = tls.Server.Connect().Greet().Option(Wire.StartTls).ExpectReply(Wire.StartTls, Wire.Ack);

        client.Send(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")).ReceiveToEnd();

        Assert.Contains("the TLS handshake failed", tls.Server.Log.WaitFor("disconnected"), StringComparison.Ordinal);
        Assert.Single(tls.Server.Log.Lines);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task AClientThatStopsWithinTheTlsHandshakeIsDisconnectedInTime(int bytesOfHello)
    {
        var time = new ManualTime();
        await using var tls = new TlsWireServer(time: time);
        var client = tls.Server.ConnectOverSocket().Greet().Option(Wire.StartTls).ExpectReply(Wire.StartTls, Wire.Ack);

        client.Send(HelloRecord(512)[..bytesOfHello]);
        await time.WaitForTimersAsync(1).WaitAsync(TimeSpan.FromSeconds(30));
        time.Advance(WireServer.DefaultOptions.HandshakeWait);

        client.ReceiveToEnd();
        Assert.Contains("did not finish the handshake in time", tls.Server.Log.WaitFor("disconnected"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientThatGoesWithinTheTlsHandshakeIsForgotten()
    {
        await using var tls = new TlsWireServer();
        tls.Server.Log.Minimum = Microsoft.Extensions.Logging.LogLevel.Debug;

        using (var client = new WireClient(new NetworkStream(tls.Server.ConnectSocket(), ownsSocket: true)))
        {
            client.Greet().Option(Wire.StartTls).ExpectReply(Wire.StartTls, Wire.Ack).Send(HelloRecord(512)[..100]);
        }

        tls.Server.Log.WaitFor("closed");
        Assert.DoesNotContain(tls.Server.Log.Lines, line => line.Contains("failed", StringComparison.Ordinal));
    }

    // The beginning of a ClientHello: a handshake record of TLS that promises so many bytes.
    private static byte[] HelloRecord(int length)
    {
        var record = new byte[5 + length];
        record[0] = 22;
        record[1] = 3;
        record[2] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(3), (ushort)length);
        record[5] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(7), (ushort)(length - 4));
        return record;
    }
}

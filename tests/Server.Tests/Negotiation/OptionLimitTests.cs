using SharpNbd.Abstractions;
using SharpNbd.TestKit;

namespace SharpNbd.Server.Tests;

/// <summary>How many options, how long, and how those that are refused keep the stream in step.</summary>
public sealed class OptionLimitTests : IAsyncDisposable
{
    private readonly WireServer _server = new(new RecordingDisk());

    [Fact]
    public void ThirtyTwoOptionsAreServedAndTheNextClosesTheConnection()
    {
        var client = _server.Connect().Greet();
        for (var i = 0; i < 32; i++)
        {
            client.Option(Wire.Info, Wire.InfoData("")).Receive(20 + 12 + 20);
        }

        client.Option(Wire.Go, Wire.InfoData("")).ExpectEnd();
        _server.Log.WaitFor("more options");
        Assert.Single(_server.Log.Lines);
    }

    [Fact]
    public async Task AClientThatListedMayAskAboutEveryExport()
    {
        await using var server = new WireServer(new StaticSource(new RecordingDisk())
        {
            Exports = [.. Enumerable.Range(0, 100).Select(i => new ExportInfo($"{i:d3}"))],
        });
        var client = server.Connect().Greet();
        client.Option(Wire.List).Receive(100 * (20 + 4 + 3));
        client.ExpectReply(Wire.List, Wire.Ack);
        for (var i = 0; i < 1000; i++)
        {
            client.Option(Wire.Info, Wire.InfoData("")).Receive(20 + 12 + 20);
        }

        client.Go().Disconnect();
    }

    [Fact]
    public void ListingTwiceAllowsNoMore()
    {
        var client = _server.Connect().Greet();
        for (var i = 0; i < 64; i++)
        {
            client.Option(Wire.List).Receive(20 + 4 + 20);
        }

        client.Option(Wire.List).ExpectEnd();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_537)]
    [InlineData(1 << 20)]
    public void AnUnknownOptionIsSkippedToItsLastByte(int length)
        => _server.Connect()
            .Greet()
            .Option(0x12345678, Wire.Filled(length, (byte)'I')).ExpectError(0x12345678, Wire.ErrUnsup)
            .Go()
            .Disconnect();

    [Theory]
    [InlineData(Wire.PeekExport)]
    [InlineData(12u)]
    [InlineData(0u)]
    [InlineData(uint.MaxValue)]
    public void WhatWeDoNotHaveIsUnsupported(uint option)
        => _server.Connect().Greet().Option(option).ExpectError(option, Wire.ErrUnsup).Go().Disconnect();

    [Fact]
    public void AKnownOptionThatIsTooLongIsSkippedAndRefused()
        => _server.Connect()
            .Greet()
            .Option(Wire.Info, new byte[65_537]).ExpectError(Wire.Info, Wire.ErrTooBig, "65537")
            .Go()
            .Disconnect();

    [Fact]
    public void TheLongestOptionThatIsReadIsRead()
        => _server.Connect()
            .Greet()
            .Option(Wire.Info, new byte[65_536]).ExpectError(Wire.Info, Wire.ErrInvalid)
            .Go()
            .Disconnect();

    [Theory]
    [InlineData(Wire.Info)]
    [InlineData(999u)]
    public void AnOptionThatIsTooLongToBeSkippedClosesTheConnectionAtOnce(uint option)
    {
        _server.Connect().Greet().Send([.. "IHAVEOPT"u8, .. Wire.U32(option), .. Wire.U32((1 << 20) + 1)]).ExpectEnd();

        _server.Log.WaitFor("1048577 bytes");
        Assert.Single(_server.Log.Lines);
    }

    [Fact]
    public void OptionsThatArriveTogetherAreAnsweredInOrder()
        => _server.Connect()
            .Greet()
            .Send([
                .. Wire.Option(77, [1, 2, 3]), .. Wire.Option(Wire.StructuredReply, []), .. Wire.Option(Wire.List, []),
                .. Wire.Option(Wire.Abort, [])])
            .ExpectError(77, Wire.ErrUnsup)
            .ExpectReply(Wire.StructuredReply, Wire.Ack)
            .ExpectReply(Wire.List, Wire.ServerReply, 0, 0, 0, 0)
            .ExpectReply(Wire.List, Wire.Ack)
            .ExpectReply(Wire.Abort, Wire.Ack)
            .ExpectEnd();

    [Fact]
    public void BytesMayComeOneByOne()
    {
        var client = _server.Connect().Expect(Wire.Greeting());
        foreach (var octet in (byte[])[.. Wire.U32(3), .. Wire.Option(Wire.Go, Wire.InfoData("", 1)), .. Wire.Request(Wire.Read, 1, 0, 2)])
        {
            client.Send(octet);
        }

        client
            .ExpectReply(Wire.Go, Wire.InfoReply, [0, 0, .. Wire.U64(1 << 20), 0x0d, 0x6d])
            .ExpectReply(Wire.Go, Wire.InfoReply, 0, 1)
            .ExpectReply(Wire.Go, Wire.Ack)
            .ExpectSimple(1, 0, 0, 0)
            .Disconnect();
    }

    [Fact]
    public void EverythingMayComeAtOnce()
        => _server.Connect()
            .Send([
                .. Wire.U32(3), .. Wire.Option(Wire.ExportName, []), .. Wire.WriteRequest(1, 0, [1, 2, 3]),
                .. Wire.Request(Wire.Read, 2, 0, 1), .. Wire.Request(Wire.Disconnect, 3, 0, 0)])
            .Expect(Wire.Greeting())
            .Expect([.. Wire.U64(1 << 20), 0x0d, 0x6d])
            .ExpectSimple(1)
            .ExpectSimple(2, 0, 0)
            .ExpectEnd();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
